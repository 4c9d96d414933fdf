import type { Socket } from "node:net";
import type { CertificateFacts } from "../network/certificate.ts";
import type { SecureChannel, SecureOptions } from "../network/secure.ts";
import type { TlsSettings } from "../network/tls-settings.ts";
import type { TlsProblem } from "../network/verdict.ts";
import type { MeasurementName } from "../outcome/measurement.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { certificateLabels, joinNames } from "./certificate-labels.ts";
import { withRevocation } from "./check-revocation.ts";
import type { ProbeContext } from "./prober.ts";

/** What `secureChannel` measures, for whoever has to withdraw it. */
export const SECURE_CHANNEL_MEASUREMENTS = [
  "probe_ssl_earliest_cert_expiry",
  "probe_ssl_last_chain_expiry_timestamp_seconds",
  "probe_ssl_last_chain_info",
  "probe_tls_version_info",
  "probe_tls_cipher_info",
  "probe_ssl_certificate_not_before_timestamp_seconds",
  "probe_ssl_certificate_not_after_timestamp_seconds",
  "probe_ssl_certificate_info",
  "probe_ssl_problem",
  "probe_ssl_crl_available",
  "probe_ssl_crl_revoked",
  "probe_ssl_crl_next_update_timestamp_seconds",
] as const satisfies readonly MeasurementName[];

/**
 * Makes a connected socket a TLS channel, in phase `tls`. Measures the peer's certificates whatever is wrong with
 * them, looks them up in the lists of revoked ones where the settings want it, and then throws `ProbeFailure` with the
 * gravest problem unless the settings let it pass; or with what `judge` says instead. Owns the socket until it returns the channel.
 */
export async function secureChannel(
  socket: Socket,
  options: SecureChannelOptions,
  context: ProbeContext,
): Promise<SecureChannel> {
  return context.during("tls", async () => {
    const { judge = gravestProblem, ...rest } = options;
    const shaken = await context.network.tls.secure(socket, { ...rest, signal: context.signal });
    // A judge that asks others may fail; the channel then has no owner.
    using owned = new DisposableStack();
    owned.defer(() => void shaken.socket.destroy());
    measure(shaken, context);
    const channel = options.settings.checkRevoked ? await withRevocation(shaken, context) : shaken;
    tell(channel, context);
    const problem = await judge(channel, options.settings);
    if (problem !== undefined) throw new ProbeFailure(problem.outcome, { detail: problem.detail });
    owned.move();
    return channel;
  });
}

export interface SecureChannelOptions extends Omit<SecureOptions, "signal"> {
  /** Why the channel is not accepted, if it is not. */
  readonly judge?: Judge;
}

type Verdict = TlsProblem | undefined;
type Judge = (channel: SecureChannel, settings: TlsSettings) => Verdict | Promise<Verdict>;

function gravestProblem({ verdict }: SecureChannel, settings: TlsSettings): TlsProblem | undefined {
  return settings.insecureSkipVerify ? undefined : verdict.problems[0];
}

function measure(channel: SecureChannel, context: ProbeContext): void {
  const { certificates, verdict } = channel;
  context.withdraw(SECURE_CHANNEL_MEASUREMENTS);
  context.measure("probe_tls_version_info", 1, { version: channel.version });
  context.measure("probe_tls_cipher_info", 1, { cipher: channel.cipher });
  const earliest = earliestExpiry(certificates);
  if (earliest !== undefined) context.measure("probe_ssl_earliest_cert_expiry", earliest);
  // As long as one chain is valid, clients that look for one find it.
  const last = verdict.chains.map((chain) => earliestExpiry(chain) ?? 0).toSorted((one, other) => other - one)[0];
  if (last !== undefined) context.measure("probe_ssl_last_chain_expiry_timestamp_seconds", last);
  const [leaf] = certificates;
  if (leaf !== undefined) context.measure("probe_ssl_last_chain_info", 1, certificateLabels(leaf));
  for (const [position, certificate] of certificates.slice(0, MOST_MEASURED).entries()) {
    measureCertificate(certificate, { position: String(position), context });
  }
  for (const { problem, state } of verdict.findings) {
    context.measure("probe_ssl_problem", state === "present" ? 1 : 0, { problem });
  }
}

/** Servers send two to five certificates. One may send fifty, and Prometheus would keep three series of each. */
const MOST_MEASURED = 10;

function measureCertificate(
  certificate: CertificateFacts,
  { position, context }: { readonly position: string; readonly context: ProbeContext },
): void {
  const { notBefore, notAfter } = certificate;
  if (!Number.isNaN(notBefore)) {
    context.measure("probe_ssl_certificate_not_before_timestamp_seconds", notBefore, { position });
  }
  if (!Number.isNaN(notAfter)) {
    context.measure("probe_ssl_certificate_not_after_timestamp_seconds", notAfter, { position });
  }
  context.measure("probe_ssl_certificate_info", 1, {
    position,
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialnumber: certificate.serialNumber,
    fingerprint_sha256: certificate.fingerprintSha256,
    key_type: certificate.keyType,
    key_bits: String(certificate.keyBits ?? ""),
    signature_algorithm: certificate.signatureAlgorithm,
  });
}

/** A date that cannot be read counts for nothing. */
function earliestExpiry(certificates: readonly CertificateFacts[]): number | undefined {
  const dates = certificates.map(({ notAfter }) => notAfter).filter((date) => !Number.isNaN(date));
  return dates.length === 0 ? undefined : Math.min(...dates);
}

function tell(channel: SecureChannel, context: ProbeContext): void {
  const { certificates, verdict, version, cipher, protocol = "" } = channel;
  context.log("info", "TLS handshake finished", { version, cipher, protocol, certificates: certificates.length });
  const [leaf] = certificates;
  if (leaf !== undefined) {
    const { subject, issuer, fingerprintSha256: fingerprint } = leaf;
    const names = joinNames([...leaf.dnsNames, ...leaf.addresses]);
    context.log("info", "Certificate of the server", { subject, issuer, names, fingerprint, ...validity(leaf) });
  }
  for (const { problem, detail } of verdict.findings) {
    if (detail !== "") context.log("warn", "Certificate problem", { problem, detail });
  }
  // Their series say 0, for nothing was found; that nobody could tell is only said here.
  const unknown = verdict.findings.filter(({ state }) => state === "unknown").map(({ problem }) => problem);
  if (unknown.length > 0) context.log("debug", "Not known of the certificates", { problems: unknown.join(", ") });
}

function validity(leaf: CertificateFacts): { readonly notBefore?: string; readonly notAfter?: string } {
  if (Number.isNaN(leaf.notBefore) || Number.isNaN(leaf.notAfter)) return {};
  return {
    notBefore: new Date(leaf.notBefore * 1000).toISOString(),
    notAfter: new Date(leaf.notAfter * 1000).toISOString(),
  };
}
