import type { TlsSettings } from "../../network/tls-settings.ts";

/** One version of TLS alone, for a handshake in which nothing else is offered. SSL is so old that OpenSSL has it no more. */
export const VERSION_SETTINGS = [
  { version: "TLS 1.0", range: { minVersion: "TLSv1", maxVersion: "TLSv1" } },
  { version: "TLS 1.1", range: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" } },
  { version: "TLS 1.2", range: { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } },
  { version: "TLS 1.3", range: { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" } },
] as const satisfies readonly {
  readonly version: string;
  readonly range: Pick<TlsSettings, "minVersion" | "maxVersion">;
}[];
