import { createHash, X509Certificate } from "node:crypto";
import { DER, type DerElement, derChildren, derElements, derObjectIdentifier, derTime } from "./certificate-der.ts";
import { type Certificate, readCertificate } from "./certificate-read.ts";
import { isSignedBy, type Signed } from "./signed-by.ts";

/** What a server sent along about the revocation of its certificate (OCSP stapling, RFC 6066 §8). */
export type Staple = { readonly kind: "none" } | ({ readonly kind: "response" } & StapledResponse);

export interface StapledResponse {
  /** What an authority says, where that is proven and holds now; otherwise nothing is known. */
  readonly status: "good" | "revoked" | "unknown" | undefined;
  /** Unix seconds; absent where the response cannot be read or is about another certificate. */
  readonly thisUpdate: number | undefined;
  readonly nextUpdate: number | undefined;
  /** Why nothing is known, or since when the certificate is revoked; otherwise empty. */
  readonly detail: string;
}

/** Reads an OCSP response (DER, RFC 6960 §4.2) on a leaf and proves it by the issuer, at a time in Unix seconds. */
export function readStaple(
  response: Buffer,
  question: { readonly leaf: Certificate; readonly issuer: Certificate | undefined; readonly now: number },
): StapledResponse {
  const { issuer } = question;
  if (response.length > LARGEST_RESPONSE_BYTES) return worthless("it is too long");
  if (issuer === undefined) return worthless("the issuer of the certificate is not known");
  try {
    return judgeResponse(readBasicResponse(response), { ...question, issuer });
  } catch (error) {
    return worthless(error instanceof Error ? error.message : String(error));
  }
}

/** Real ones have up to some thousand bytes, with the responder's certificate. */
const LARGEST_RESPONSE_BYTES = 64 * 1024;

/** A clock may be late. */
const TOLERANCE_SECONDS = 300;

/**
 * A response that does not say how long it holds would let a server that keeps an old one pass for ever. Public
 * authorities let none hold longer (baseline requirements of the CA/Browser Forum, §4.9.10).
 */
const LONGEST_WORD_SECONDS = 10 * 24 * 3600;

interface Question {
  readonly leaf: Certificate;
  readonly issuer: Certificate;
  readonly now: number;
}

interface BasicResponse extends Signed {
  readonly certificates: readonly Buffer[];
}

function readBasicResponse(response: Buffer): BasicResponse {
  const [status, wrapped] = derChildren(response, DER.sequence);
  if (status?.tag !== 0x0a || status.content[0] !== 0) {
    throw new Error(`the responder answered with error ${status?.content[0] ?? "unknown"}`);
  }
  const [type, content] = derChildren(wrapped?.content ?? Buffer.alloc(0), DER.sequence);
  if (derObjectIdentifier(type) !== "1.3.6.1.5.5.7.48.1.1" || content === undefined) throw new Error("it is not basic");
  const [data, algorithm, signature, certificates] = derChildren(content.content, DER.sequence);
  if (data === undefined || algorithm === undefined || signature?.tag !== DER.bitString)
    throw new Error("it is cut off");
  const list = certificates === undefined ? [] : derChildren(certificates.content, DER.sequence);
  return { data, algorithm, signature: signature.content.subarray(1), certificates: list.map(({ raw }) => raw) };
}

function judgeResponse(basic: BasicResponse, question: Question): StapledResponse {
  const single = findSingle(basic.data, question);
  if (single === undefined) return worthless("it is about another certificate");
  const [, state, since, until] = derElements(single.content);
  const thisUpdate = derTime(since);
  const nextUpdate = until?.tag === 0xa0 ? derTime(derElements(until.content)[0]) : undefined;
  const dates = { thisUpdate, nextUpdate };
  if (!isProven(basic, question)) return { ...worthless("its signature proves nothing"), ...dates };
  if (thisUpdate > question.now + TOLERANCE_SECONDS) return { ...worthless("it is of the future"), ...dates };
  if ((nextUpdate ?? thisUpdate + LONGEST_WORD_SECONDS) < question.now)
    return { ...worthless("it is out of date"), ...dates };
  const status = STATES[state?.tag ?? 0];
  const revokedAt = status === "revoked" ? derTime(derElements(state?.content ?? Buffer.alloc(0))[0]) : undefined;
  const detail =
    revokedAt === undefined ? "" : `The certificate was revoked on ${new Date(revokedAt * 1000).toISOString()}`;
  return { status, ...dates, detail };
}

/** The tags of CertStatus (RFC 6960 §4.2.1). */
const STATES: Readonly<Record<number, "good" | "revoked" | "unknown">> = {
  0x80: "good",
  0xa1: "revoked",
  0x82: "unknown",
};

/** A response may tell of several certificates. */
function findSingle(data: DerElement, question: Question): DerElement | undefined {
  const list = derElements(data.content).find(({ tag }) => tag === DER.sequence);
  return derElements(list?.content ?? Buffer.alloc(0)).find((single) =>
    isAbout(derElements(single.content)[0], question),
  );
}

/** The hashes with which issuers are named; SHA-1 is still the usual one and proves nothing by itself. */
const HASHES: Readonly<Record<string, string>> = { "1.3.14.3.2.26": "sha1", "2.16.840.1.101.3.4.2.1": "sha256" };

function isAbout(identifier: DerElement | undefined, { leaf, issuer }: Question): boolean {
  const [algorithm, nameHash, keyHash, serial] = derElements(identifier?.content ?? Buffer.alloc(0));
  const hash = HASHES[derObjectIdentifier(derElements(algorithm?.content ?? Buffer.alloc(0))[0])];
  if (hash === undefined || nameHash === undefined || keyHash === undefined || serial === undefined) return false;
  const digest = (bytes: Buffer): Buffer => createHash(hash).update(bytes).digest();
  const [, key] = derChildren(Buffer.from(issuer.publicKey, "hex"), DER.sequence);
  return (
    serial.content.toString("hex").replace(/^(00)+/u, "") === leaf.facts.serialNumber &&
    nameHash.content.equals(digest(Buffer.from(issuer.subject, "hex"))) &&
    keyHash.content.equals(digest(key?.content.subarray(1) ?? Buffer.alloc(0)))
  );
}

/** Signed by the issuer, or by whom the issuer has appointed for that (RFC 6960 §4.2.2.2). */
function isProven(basic: BasicResponse, { issuer, now }: Question): boolean {
  if (isSignedBy(basic, issuer.x509.publicKey)) return true;
  return basic.certificates.slice(0, MOST_CERTIFICATES).some((raw) => {
    const responder = new X509Certificate(raw);
    return (
      isAppointed(readCertificate(responder.raw), now) &&
      responder.verify(issuer.x509.publicKey) &&
      isSignedBy(basic, responder.publicKey)
    );
  });
}

/** Responders send one or two; each costs the check of a signature. */
const MOST_CERTIFICATES = 5;

const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

function isAppointed({ facts, extensions }: Certificate, now: number): boolean {
  return extensions.purposes?.includes(OCSP_SIGNING) === true && facts.notBefore <= now && now <= facts.notAfter;
}

function worthless(reason: string): StapledResponse {
  const detail = `The stapled OCSP response says nothing: ${reason}`;
  return { status: undefined, thisUpdate: undefined, nextUpdate: undefined, detail };
}
