import type { AlertRule } from "./rule-group.ts";
import { alertingLink, HOST_OF_INSTANCE } from "./templates.ts";

/** Something with an end that can be foreseen. */
interface Expiring {
  /** The alerts' names begin with it. */
  readonly name: string;
  readonly area: "certificate" | "registry";
  /** PromQL for the Unix seconds of the end. */
  readonly end: string;
  /**
   * PromQL for how long the whole of it lasts, in seconds, or undefined where that does not matter. What lives shorter
   * than twice a limit would be within it for most of its life, and is renewed late by design.
   */
  readonly life: string | undefined;
  /** Before the time left, in the headline. */
  readonly what: string;
  readonly expired: string;
  readonly action: string;
}

const EXPIRING: readonly Expiring[] = [
  {
    name: "Certificate",
    area: "certificate",
    end: "probe_ssl_earliest_cert_expiry",
    life: "min without (position) (probe_ssl_certificate_not_after_timestamp_seconds - probe_ssl_certificate_not_before_timestamp_seconds)",
    what: "a certificate of the chain",
    expired: "A certificate that the server sends is past its last day: its own, or one of the authorities above it.",
    action:
      "Renew it, and find out why the renewal did not run. If it was renewed, see whether the server has loaded it, and which certificate of the chain it is: `probe_ssl_certificate_not_after_timestamp_seconds` has each.",
  },
  {
    name: "CertificateFile",
    area: "certificate",
    end: "probe_tls_file_certificate_not_after_timestamp_seconds",
    life: "probe_tls_file_certificate_not_after_timestamp_seconds - probe_tls_file_certificate_not_before_timestamp_seconds",
    what: "a certificate in {{ $labels.file }}",
    expired: "A certificate in a file is past its last day.",
    action: "Renew it, and have the services that use the file load it again.",
  },
  {
    name: "Domain",
    area: "registry",
    end: "probe_domain_expiry_timestamp_seconds",
    life: undefined,
    what: "the registration of the domain",
    expired: "The registration of the domain has run out.",
    action:
      "Renew it at the registrar. Many registrars renew by themselves on the last days: see whether that is switched on and paid for.",
  },
];

interface Limit {
  readonly suffix: string;
  readonly days: number;
  readonly nextDays: number | undefined;
  readonly severity: "critical" | "warning";
  readonly lasting: string;
}

/** Each limit ends where the next begins, so that one alert fires at a time. */
const LIMITS: readonly Limit[] = [
  // A day's patience: certificates of 90 days are mostly renewed when 30 are left.
  { suffix: "ExpiresIn30Days", days: 30, nextDays: 7, severity: "warning", lasting: "1d" },
  { suffix: "ExpiresIn7Days", days: 7, nextDays: 0, severity: "critical", lasting: "1h" },
  { suffix: "Expired", days: 0, nextDays: undefined, severity: "critical", lasting: "2m" },
];

const DAY_SECONDS = 86_400;

/** Certificates and domains at 30, 7 and 0 days before their end. */
export const EXPIRY_RULES: readonly AlertRule[] = EXPIRING.flatMap((thing) =>
  LIMITS.map((limit) => expiryRule(thing, limit)),
);

function expiryRule(thing: Expiring, limit: Limit): AlertRule {
  const { name, area, what, expired, action } = thing;
  const { suffix, days, severity, lasting } = limit;
  const alert = `${name}${suffix}`;
  return {
    alert,
    expr: expression(thing, limit),
    for: lasting,
    labels: { severity, area, host: HOST_OF_INSTANCE },
    annotations: {
      summary:
        days === 0
          ? `{{ $labels.instance }}: ${what} has expired`
          : `{{ $labels.instance }}: ${what} expires in {{ $value | humanizeDuration }}`,
      description: days === 0 ? expired : `It expires in less than ${days} days.`,
      action,
      runbook_url: alertingLink("expiry"),
    },
  };
}

function expression({ end, life }: Expiring, { days, nextDays }: Limit): string {
  const within = `(${end} - time()) <= ${days * DAY_SECONDS}`;
  if (nextDays === undefined) return within;
  const exclusive = `${within} > ${nextDays * DAY_SECONDS}`;
  return life === undefined ? exclusive : `${exclusive}\nunless (${life}) < ${2 * days * DAY_SECONDS}`;
}
