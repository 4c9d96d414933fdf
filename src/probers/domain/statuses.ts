/** The statuses of EPP (RFC 5731 §2.3, RFC 3915 §3.1) and those that only RDAP has (RFC 9083 §10.2.2, RFC 8056). */
const KNOWN = [
  "ok",
  "inactive",
  "linked",
  "clientHold",
  "serverHold",
  "clientTransferProhibited",
  "serverTransferProhibited",
  "clientUpdateProhibited",
  "serverUpdateProhibited",
  "clientDeleteProhibited",
  "serverDeleteProhibited",
  "clientRenewProhibited",
  "serverRenewProhibited",
  "pendingCreate",
  "pendingDelete",
  "pendingRenew",
  "pendingRestore",
  "pendingTransfer",
  "pendingUpdate",
  "addPeriod",
  "autoRenewPeriod",
  "renewPeriod",
  "transferPeriod",
  "redemptionPeriod",
  "validated",
  "locked",
  "proxy",
  "private",
  "obscured",
  "reserved",
  "removed",
  "administrative",
  "transferProhibited",
  "updateProhibited",
  "deleteProhibited",
  "renewProhibited",
] as const;

const BY_LETTERS: ReadonlyMap<string, string> = new Map([
  ...KNOWN.map((status) => [lettersOf(status), status] as const),
  // RFC 8056 §2: RDAP has words of its own for these two.
  ["active", "ok"],
  ["associated", "linked"],
  // Registries with words of their own: .gg and .je, .il, .be and .nl.
  ["transferprohibitedbyregistrar", "clientTransferProhibited"],
  ["updateprohibitedbyregistrar", "clientUpdateProhibited"],
  ["deleteprohibitedbyregistrar", "clientDeleteProhibited"],
  ["transferlocked", "transferProhibited"],
  ["quarantine", "redemptionPeriod"],
  ["inquarantine", "redemptionPeriod"],
]);

/** A domain has a dozen statuses at most; a hostile answer may have any number, and Prometheus would keep them all. */
const MOST_STATUSES = 24;

/** With the link to its explanation. Reading takes time that grows with the square of the length. */
const LONGEST_STATUS = 200;

/**
 * Statuses in the words of EPP, each once, whoever wrote them: `clientHold https://icann.org/epp#clientHold`,
 * `client hold` and `CLIENT_HOLD` are one. What is none of them is left out: free text is no state.
 */
export function normaliseStatuses(written: readonly string[]): readonly string[] {
  const found = written.flatMap((text) => statusIn(text.slice(0, LONGEST_STATUS)));
  return [...new Set(found)].slice(0, MOST_STATUSES);
}

function statusIn(text: string): readonly string[] {
  const withoutLink = text.replace(/\(?\s*https?:\/\/\S*/iu, "").trim();
  const status = BY_LETTERS.get(lettersOf(withoutLink)) ?? BY_LETTERS.get(lettersOf(withoutLink.split(/\s/u)[0] ?? ""));
  return status === undefined ? [] : [status];
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z]/gu, "");
}

/** What the statuses mean for whoever owns the domain. */
export interface DomainState {
  readonly transferLock: boolean;
  /** Only the registry itself can lift it. */
  readonly registryLock: boolean;
  readonly suspended: boolean;
  readonly inactive: boolean;
  readonly pendingDelete: boolean;
  readonly pendingTransfer: boolean;
  readonly redemption: boolean;
  /** The expiry has moved a year ahead already, paid or not. */
  readonly autoRenewGrace: boolean;
}

/** The states that follow from statuses in the words of EPP. */
export function stateOf(statuses: readonly string[]): DomainState {
  const has = (...wanted: readonly (typeof KNOWN)[number][]): boolean =>
    wanted.some((status) => statuses.includes(status));
  return {
    transferLock: has("clientTransferProhibited", "serverTransferProhibited", "transferProhibited", "locked"),
    registryLock: has("serverTransferProhibited") && has("serverUpdateProhibited") && has("serverDeleteProhibited"),
    suspended: has("clientHold", "serverHold"),
    inactive: has("inactive"),
    pendingDelete: has("pendingDelete", "removed"),
    pendingTransfer: has("pendingTransfer"),
    redemption: has("redemptionPeriod", "pendingRestore"),
    autoRenewGrace: has("autoRenewPeriod"),
  };
}
