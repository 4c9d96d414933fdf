import type { FailureOf } from "../outcome/outcome.ts";
import type { CertificateFacts } from "./certificate.ts";

/** Everything wrong with a peer's certificates, the gravest first; empty where they can be trusted. */
export interface TlsVerdict {
  readonly problems: readonly { readonly outcome: FailureOf<"tls">; readonly detail: string }[];
  /** Every chain from the leaf to a trust anchor that verified (dates included); empty where none did. */
  readonly chains: readonly (readonly CertificateFacts[])[];
}
