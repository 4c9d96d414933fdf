/**
 * The vocabulary of failures: each phase that a probe can be in, with the reasons for which it fails there.
 * Closed: the types, the label values, the catalogues' rules and the documentation all follow from this table.
 */
const REASONS = {
  request: ["unknown-prober", "target-missing", "parameter-missing", "unsupported-scheme", "invalid-mailbox"],
  deadline: ["no-time-left"],
  policy: ["internal-address"],
  local: ["no-socket", "defect"],
  resolve: ["timeout", "name-not-found", "no-address", "server-failure"],
  connect: ["timeout", "refused", "unreachable"],
  tls: [
    "timeout",
    "handshake-failed",
    "not-offered",
    "certificate-expired",
    "certificate-not-yet-valid",
    "name-mismatch",
    "certificate-invalid",
    "no-common-cipher",
    "unknown-authority",
  ],
  upgrade: ["timeout", "rejected", "malformed"],
  login: ["rejected", "anonymous-denied", "required"],
  exchange: [
    "timeout",
    "send-failed",
    "closed",
    "malformed",
    "no-reply",
    "packet-loss",
    "packet-loss-tolerated",
    "error-rcode",
    "empty-answer",
    "command-failed",
    "transfer-failed",
    "error-status",
  ],
  redirect: ["too-many", "unsupported-scheme"],
  content: [
    "status-not-allowed",
    "missing",
    "forbidden",
    "version-not-allowed",
    "tls-required",
    "tls-forbidden",
    "too-large",
  ],
  timing: ["too-slow"],
  registry: ["unavailable", "unreadable"],
  domain: ["not-registered", "expired", "suspended", "blacklisted", "transfer-unprotected"],
  server: ["load", "cpu", "memory", "storage", "bandwidth-out", "bandwidth-in", "report-missing"],
  state: ["created", "disabled", "pending"],
} as const;

/** The part of a probe in which time is spent and failures happen. */
export type Phase = keyof typeof REASONS;

/** The failures of one phase, written `phase/reason`. */
export type FailureOf<P extends Phase> = { [Q in P]: `${Q}/${(typeof REASONS)[Q][number]}` }[P];

/** Any failure, written `phase/reason`, e.g. `connect/refused`. */
export type Failure = FailureOf<Phase>;

/** How a probe ended: every probe has exactly one. */
export type Outcome = "success" | Failure;

/**
 * Whether a probe did what its module asks (`probe_success`): also where packets were lost, but no more than the module
 * tolerates. Such a probe keeps an outcome of its own, for which one of the catalogues has a code.
 */
export function isSuccess(outcome: Outcome): boolean {
  return outcome === "success" || outcome === "exchange/packet-loss-tolerated";
}

/** All phases, in the order in which a probe goes through them. */
export const PHASES = Object.keys(REASONS).filter((key): key is Phase => key in REASONS);

interface Split {
  readonly phase: Phase;
  readonly reason: string;
}

const SPLIT: ReadonlyMap<string, Split> = new Map(
  PHASES.flatMap((phase) => REASONS[phase].map((reason) => [`${phase}/${reason}`, { phase, reason }] as const)),
);

/** Every failure of the vocabulary, phase by phase. */
export const FAILURES: readonly Failure[] = [...SPLIT.keys()].filter(isFailure);

/** `connect/refused` as its phase and reason; `success` has neither, so both are empty. */
export function splitOutcome(outcome: Outcome): { readonly phase: Phase | ""; readonly reason: string } {
  return SPLIT.get(outcome) ?? { phase: "", reason: "" };
}

function isFailure(text: string): text is Failure {
  return SPLIT.has(text);
}
