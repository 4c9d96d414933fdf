import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext, DEFAULT_CIPHERS, type SecureContext, type SecureVersion } from "node:tls";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { PemSource, TlsSettings } from "./tls-settings.ts";
import { anchorsFromPem, defaultAnchors, type TrustAnchors } from "./trust.ts";

/** What a handshake is made with. The context trusts nobody: the anchors are for the verdict afterwards. */
export interface SecureCredentials {
  readonly context: SecureContext;
  readonly anchors: TrustAnchors;
}

/** Builds credentials once for each `TlsSettings` object, and again when a file that they name has changed. */
export class SecureCredentialStore {
  readonly #entries = new WeakMap<TlsSettings, Entry>();
  #defaultAnchors: TrustAnchors | undefined;

  /** Throws `ProbeFailure` of phase `tls` where the settings cannot be used, until their files are mended. */
  async load(settings: TlsSettings): Promise<SecureCredentials> {
    const known = this.#entries.get(settings);
    if (known !== undefined && (await isCurrent(known))) return known.credentials;
    const entry = await this.#read(settings);
    this.#entries.set(settings, entry);
    return entry.credentials;
  }

  async #read(settings: TlsSettings): Promise<Entry> {
    const files = await Promise.all(
      sourcesOf(settings).flatMap((source) => ("file" in source ? [look(source.file)] : [])),
    );
    const anchors = settings.authorities === undefined ? this.#default() : await readAnchors(settings.authorities);
    const context = await buildContext(settings);
    return { credentials: { anchors, context }, files, lookedAt: performance.now() };
  }

  #default(): TrustAnchors {
    this.#defaultAnchors ??= defaultAnchors();
    return this.#defaultAnchors;
  }
}

interface Entry {
  readonly credentials: SecureCredentials;
  readonly files: readonly FileState[];
  /** Milliseconds of the monotonic clock. */
  lookedAt: number;
}

/** What tells a file from its former self; all absent where there is no file. */
interface FileState {
  readonly path: string;
  readonly version: string;
}

/** Many probes of one second share one look at the files. */
const LOOK_EVERY_MILLISECONDS = 1000;

async function isCurrent(entry: Entry): Promise<boolean> {
  if (entry.files.length === 0 || performance.now() - entry.lookedAt < LOOK_EVERY_MILLISECONDS) return true;
  const now = await Promise.all(entry.files.map((file) => look(file.path)));
  entry.lookedAt = performance.now();
  return now.every((file, index) => file.version === entry.files[index]?.version);
}

async function look(path: string): Promise<FileState> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return { path, version: [ino, size, mtimeMs, ctimeMs].join() };
  } catch (error) {
    // Reading the file will say this again, to whom it concerns.
    return { path, version: messageOf(error) };
  }
}

function sourcesOf(settings: TlsSettings): readonly PemSource[] {
  return [settings.authorities, settings.certificate, settings.key].filter((source) => source !== undefined);
}

async function readAnchors(source: PemSource): Promise<TrustAnchors> {
  const shown = show(source, "The authorities");
  const anchors = anchorsFromPem(await readPem(source, { shown, outcome: "tls/unknown-authority" }));
  if (anchors.fingerprints.size > 0) return anchors;
  throw new ProbeFailure("tls/unknown-authority", {
    detail: [`${shown} hold no certificate`, ...anchors.warnings].join("; "),
  });
}

async function buildContext(settings: TlsSettings): Promise<SecureContext> {
  const identity = await readIdentity(settings);
  const versions = versionRange(settings);
  try {
    // An empty list of authorities is one that trusts nobody; without the list, Node would load its own.
    return createSecureContext({ ca: [], ...versions, ...identity });
  } catch (error) {
    throw new ProbeFailure(identity.cert === undefined ? "tls/no-common-cipher" : "tls/certificate-invalid", {
      detail: `Cannot use the settings for TLS: ${messageOf(error)}`,
      cause: error,
    });
  }
}

const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const satisfies readonly SecureVersion[];

/** TLS 1.2 and above unless asked otherwise; OpenSSL speaks older versions only if its demands on ciphers are dropped. */
function versionRange(settings: TlsSettings): {
  minVersion: SecureVersion;
  maxVersion: SecureVersion;
  ciphers: string;
} {
  const maxVersion = settings.maxVersion ?? "TLSv1.3";
  const minVersion = settings.minVersion ?? lower("TLSv1.2", maxVersion);
  if (lower(minVersion, maxVersion) !== minVersion) {
    throw new ProbeFailure("tls/no-common-cipher", {
      detail: `Cannot use tls_config: min_version ${minVersion} is above max_version ${maxVersion}`,
    });
  }
  const old = lower(minVersion, "TLSv1.1") === minVersion;
  return { minVersion, maxVersion, ciphers: old ? `${DEFAULT_CIPHERS}:@SECLEVEL=0` : DEFAULT_CIPHERS };
}

function lower(one: SecureVersion, other: SecureVersion): SecureVersion {
  return VERSIONS.indexOf(one) <= VERSIONS.indexOf(other) ? one : other;
}

/** The client's certificate and key, each checked by itself so that the failure names the one at fault. */
async function readIdentity(settings: TlsSettings): Promise<{ readonly cert?: string; readonly key?: string }> {
  if (settings.certificate === undefined || settings.key === undefined) return {};
  const certificate = {
    shown: show(settings.certificate, "The client certificate"),
    outcome: "tls/certificate-invalid",
  } as const;
  const key = { shown: show(settings.key, "The client key"), outcome: "tls/certificate-invalid" } as const;
  const cert = await readPem(settings.certificate, certificate);
  const keyText = await readPem(settings.key, key);
  const x509 = attempt(certificate.shown, () => new X509Certificate(cert));
  const privateKey = attempt(key.shown, () => createPrivateKey(keyText));
  if (x509.checkPrivateKey(privateKey)) return { cert, key: keyText };
  throw new ProbeFailure("tls/certificate-invalid", { detail: `${key.shown} does not belong to the certificate` });
}

function attempt<T>(shown: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ProbeFailure("tls/certificate-invalid", {
      detail: `${shown} cannot be used: ${messageOf(error)}`,
      cause: error,
    });
  }
}

async function readPem(
  source: PemSource,
  failure: { readonly shown: string; readonly outcome: "tls/unknown-authority" | "tls/certificate-invalid" },
): Promise<string> {
  if ("inline" in source) return source.inline();
  try {
    return await readFile(source.file, "utf8");
  } catch (error) {
    throw new ProbeFailure(failure.outcome, {
      detail: `${failure.shown} cannot be read: ${messageOf(error)}`,
      cause: error,
    });
  }
}

/** A source as a person knows it; the text itself is never shown. */
function show(source: PemSource, what: string): string {
  return "file" in source ? `${what} in ${JSON.stringify(source.file)}` : `${what} in tls_config`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
