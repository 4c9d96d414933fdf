import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { CertificateCache } from "./certificate-cache.ts";
import { type Certificate, fingerprint, readCertificate } from "./certificate-read.ts";
import { certificatesAsSent, certificatesOnPath } from "./certificate-sent.ts";
import { type ChainSearch, findChains } from "./chain-search.ts";
import type { SecureChannel, SecureOptions, TlsClient } from "./secure.ts";
import { SecureCredentialStore, type SecureCredentials } from "./secure-credentials.ts";
import { shakeHands } from "./secure-handshake.ts";
import { readStaple, type Staple } from "./staple.ts";
import type { TrustAnchors } from "./trust.ts";
import { judge, type TlsVerdict } from "./verdict.ts";

/** A TLS client with its caches: contexts by settings, certificates and chains by content. `now` is in Unix seconds. */
export function createTlsClient(options: { readonly now?: () => number } = {}): TlsClient {
  const client: Client = {
    now: options.now ?? unixSeconds,
    credentials: new SecureCredentialStore(),
    certificates: new CertificateCache(MOST_CERTIFICATES),
    searches: new CertificateCache(MOST_SEARCHES),
    fullLooks: new CertificateCache(MOST_SEARCHES),
  };
  return { secure: (socket, secureOptions) => secure(client, { socket, options: secureOptions }) };
}

/**
 * What is remembered between handshakes: two thousand certificates, enough for a thousand targets, and the chains of a
 * thousand. Only what is not oversized is kept, so that hostile peers fill no more than 50 MB.
 */
const MOST_CERTIFICATES = 2000;
const LARGEST_CERTIFICATE_BYTES = 16 * 1024;
const MOST_SEARCHES = 1000;
const LARGEST_CHAIN_BYTES = 32 * 1024;

interface Client {
  readonly now: () => number;
  readonly credentials: SecureCredentialStore;
  readonly certificates: CertificateCache<Certificate>;
  readonly searches: CertificateCache<ChainSearch>;
  readonly fullLooks: CertificateCache<FullLook>;
}

/** When all certificates of a server were last read, on which path, and which they were. */
interface FullLook {
  readonly at: number;
  readonly path: string;
  readonly sent: readonly Buffer[];
}

interface Request {
  readonly socket: Socket;
  readonly options: SecureOptions;
}

function unixSeconds(): number {
  return Date.now() / 1000;
}

function leaveForLater(): void {}

async function secure(client: Client, { socket, options }: Request): Promise<SecureChannel> {
  // Until TLS takes over the socket, its errors are found on it: `shakeHands` looks there first.
  socket.on("error", leaveForLater);
  try {
    const credentials = await client.credentials.load(options.settings);
    const host = options.settings.serverName ?? options.host;
    const { signal, protocols = [], session } = options;
    let response: Buffer | null | undefined;
    const onStaple = (received: Buffer | null): void => {
      response = received;
    };
    const channel = await shakeHands(socket, {
      context: credentials.context,
      host,
      protocols,
      session,
      onStaple: options.staple === "ask" ? onStaple : undefined,
      signal,
    });
    return describe(client, { channel, credentials, host, options, response });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

interface Handshake {
  readonly channel: TLSSocket;
  readonly credentials: SecureCredentials;
  readonly host: string;
  readonly options: SecureOptions;
  /** The stapled OCSP response: null where there is none, absent where it was not asked for. */
  readonly response: Buffer | null | undefined;
}

function describe(client: Client, handshake: Handshake): SecureChannel {
  const { channel } = handshake;
  const resumed = channel.isSessionReused();
  const { certificates, verdict, staple } = resumed ? NOTHING_SHOWN : examine(client, handshake);
  return {
    socket: channel,
    version: VERSION_NAMES[channel.getProtocol() ?? ""] ?? "unknown",
    cipher: channel.getCipher().standardName,
    protocol: channel.alpnProtocol || undefined,
    resumed,
    certificates: certificates.map(({ facts }) => facts),
    verdict,
    staple,
  };
}

const VERSION_NAMES: Readonly<Record<string, string>> = {
  TLSv1: "TLS 1.0",
  "TLSv1.1": "TLS 1.1",
  "TLSv1.2": "TLS 1.2",
  "TLSv1.3": "TLS 1.3",
};

interface Examined {
  readonly certificates: readonly Certificate[];
  readonly verdict: TlsVerdict;
  readonly staple: Staple | undefined;
}

/** Of a resumed session, whose peer proves by its keys that it is the one that was judged. */
const NOTHING_SHOWN: Examined = {
  certificates: [],
  verdict: { problems: [], chains: [], findings: [] },
  staple: undefined,
};

/**
 * Judges by the path that Node reports. Where a certificate off that path could mend the verdict (two versions of an
 * intermediate were sent, say), all of them are judged.
 */
function examine(client: Client, handshake: Handshake): Examined {
  const { channel } = handshake;
  const server = `${handshake.host}:${channel.remotePort}`;
  const path = certificatesOnPath(channel);
  const examined = judgeAll(client, { handshake, sent: path });
  if (!isMendable(examined, client.now()) || handshake.options.settings.insecureSkipVerify) return examined;
  const sent = lookFully(client, { channel, server, path: path.map((raw) => fingerprint(raw)).join() });
  return sent.length > path.length ? judgeAll(client, { handshake, sent }) : examined;
}

function judgeAll(
  client: Client,
  request: { readonly handshake: Handshake; readonly sent: readonly Buffer[] },
): Examined {
  const { credentials, host } = request.handshake;
  const [leaf, ...others] = request.sent.map((raw) => recall(client, raw));
  if (leaf === undefined) {
    const problem = { outcome: "tls/certificate-invalid", detail: "The server sent no certificate" } as const;
    return { certificates: [], verdict: { problems: [problem], chains: [], findings: [] }, staple: undefined };
  }
  const search = recallSearch(client, { sent: [leaf, ...others], anchors: credentials.anchors });
  const now = client.now();
  const staple = stapleOf(request.handshake.response, { leaf, issuer: (search.chains[0] ?? search.path)[1], now });
  return { certificates: [leaf, ...others], verdict: judge(leaf, { search, host, now, staple }), staple };
}

function stapleOf(
  response: Buffer | null | undefined,
  question: { readonly leaf: Certificate; readonly issuer: Certificate | undefined; readonly now: number },
): Staple | undefined {
  if (response === undefined) return undefined;
  return response === null ? { kind: "none" } : { kind: "response", ...readStaple(response, question) };
}

function recall(client: Client, raw: Buffer): Certificate {
  const key = fingerprint(raw);
  const known = client.certificates.get(key);
  if (known !== undefined) return known;
  const certificate = readCertificate(raw);
  if (raw.length <= LARGEST_CERTIFICATE_BYTES) client.certificates.set(key, certificate);
  return certificate;
}

function recallSearch(
  client: Client,
  request: { readonly sent: readonly [Certificate, ...Certificate[]]; readonly anchors: TrustAnchors },
): ChainSearch {
  const { sent, anchors } = request;
  const key = [anchors.id, ...sent.map(({ facts }) => facts.fingerprintSha256)].join();
  const known = client.searches.get(key);
  if (known !== undefined) return known;
  const search = findChains(sent, anchors);
  const bytes = sent.reduce((sum, { facts }) => sum + facts.raw.length, 0);
  if (bytes <= LARGEST_CHAIN_BYTES) client.searches.set(key, search);
  return search;
}

/** Whether the trouble lies above the leaf: no valid chain is known, and the leaf did not sign itself or expire. */
function isMendable({ certificates, verdict }: Examined, now: number): boolean {
  const [leaf] = certificates;
  const selfIssued = leaf?.subject === leaf?.issuer && certificates.length === 1;
  return leaf !== undefined && !selfIssued && leaf.facts.notAfter >= now && verdict.chains.length === 0;
}

/**
 * Node leaks memory with each full look (see `certificatesAsSent`): 10 KB as a rule, but a hostile server can make it
 * 600 KB. So a server gets one an hour, and after that only every six hours unless its path changes.
 */
const SECONDS_BETWEEN_LOOKS = 3600;
const SECONDS_OF_A_LOOK = 6 * 3600;

function lookFully(
  client: Client,
  request: { readonly channel: TLSSocket; readonly server: string; readonly path: string },
): readonly Buffer[] {
  const { channel, server, path } = request;
  const last = client.fullLooks.get(server);
  const age = client.now() - (last?.at ?? Number.NEGATIVE_INFINITY);
  if (last !== undefined && last.path === path && age < SECONDS_OF_A_LOOK) return last.sent;
  if (age < SECONDS_BETWEEN_LOOKS) return [];
  const sent = certificatesAsSent(channel);
  const bytes = sent.reduce((sum, raw) => sum + raw.length, 0);
  client.fullLooks.set(server, { at: client.now(), path, sent: bytes <= LARGEST_CHAIN_BYTES ? sent : [] });
  return sent;
}
