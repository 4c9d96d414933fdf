import type { Outcome } from "./outcome.ts";
import type { Protocol } from "./protocol.ts";

/** What a report is about: a protocol, or `any` where the module is unknown and so its protocol too. */
export type Subject = Protocol | "any";

const RESOLVE = ["resolve/timeout", "resolve/name-not-found", "resolve/no-address", "resolve/server-failure"] as const;

const TLS = [
  "tls/timeout",
  "tls/handshake-failed",
  "tls/not-offered",
  "tls/certificate-expired",
  "tls/certificate-not-yet-valid",
  "tls/name-mismatch",
  "tls/certificate-invalid",
  "tls/no-common-cipher",
  "tls/unknown-authority",
] as const;

/** What can go wrong before a byte is sent, whatever the protocol. */
const BEFORE = [
  "request/target-missing",
  "request/parameter-missing",
  "deadline/no-time-left",
  "local/no-socket",
  "local/defect",
] as const;

const CONNECT = ["connect/refused", "connect/unreachable", "connect/timeout"] as const;

/** A probe over a stream socket to a host: what may happen up to its first protocol byte. */
const STREAM = [
  "success",
  "timing/too-slow",
  ...BEFORE,
  "policy/internal-address",
  ...RESOLVE,
  ...CONNECT,
  ...TLS,
] as const;

const DIALOGUE = ["exchange/send-failed", "exchange/timeout", "exchange/closed", "exchange/malformed"] as const;

const MAIL = [...STREAM, ...DIALOGUE, "login/rejected"] as const;

/**
 * The outcomes in which a probe of each protocol can end. The catalogues' rules are typed by this table, so that an
 * outcome without a documented code does not compile; `probe/run.ts` holds every probe to it.
 */
export const REACHABLE = {
  any: ["request/unknown-prober"],
  http: [
    ...STREAM,
    ...DIALOGUE,
    "request/unsupported-scheme",
    "redirect/too-many",
    "redirect/unsupported-scheme",
    "login/rejected",
    "content/status-not-allowed",
    "content/missing",
    "content/forbidden",
    "content/version-not-allowed",
    "content/tls-required",
    "content/tls-forbidden",
    "content/too-large",
  ],
  tls: [
    "success",
    ...BEFORE,
    "request/unsupported-scheme",
    "policy/internal-address",
    ...RESOLVE,
    ...CONNECT,
    ...TLS,
    "exchange/timeout",
    "exchange/closed",
    "exchange/malformed",
    "redirect/unsupported-scheme",
    "redirect/too-many",
    "login/rejected",
    "content/status-not-allowed",
  ],
  tcp: [...STREAM, ...DIALOGUE, "content/missing", "content/forbidden"],
  unix: [
    "success",
    "timing/too-slow",
    ...BEFORE,
    "connect/refused",
    "connect/timeout",
    ...TLS,
    ...DIALOGUE,
    "content/missing",
    "content/forbidden",
  ],
  udp: [
    "success",
    "timing/too-slow",
    ...BEFORE,
    "policy/internal-address",
    ...RESOLVE,
    "connect/refused",
    "connect/unreachable",
    "exchange/send-failed",
    "exchange/no-reply",
    "exchange/malformed",
    "content/missing",
    "content/forbidden",
  ],
  icmp: [
    "success",
    "timing/too-slow",
    ...BEFORE,
    "policy/internal-address",
    ...RESOLVE,
    "connect/unreachable",
    "exchange/malformed",
    "exchange/no-reply",
    "exchange/packet-loss-tolerated",
    "exchange/packet-loss",
  ],
  dns: [
    ...STREAM,
    "exchange/send-failed",
    "exchange/no-reply",
    "exchange/malformed",
    "exchange/error-rcode",
    "exchange/empty-answer",
    "content/missing",
    "content/forbidden",
  ],
  smtp: [...MAIL, "request/invalid-mailbox"],
  pop3: MAIL,
  imap: MAIL,
  ftp: [
    ...STREAM,
    "exchange/malformed",
    "exchange/closed",
    "exchange/timeout",
    "login/rejected",
    "login/anonymous-denied",
    "login/required",
    "exchange/command-failed",
    "exchange/transfer-failed",
  ],
  websocket: [
    ...STREAM,
    ...DIALOGUE,
    "request/unsupported-scheme",
    "upgrade/timeout",
    "upgrade/rejected",
    "upgrade/malformed",
    "login/rejected",
    "redirect/too-many",
    "content/missing",
    "content/forbidden",
  ],
  grpc: [
    ...STREAM,
    "exchange/timeout",
    "exchange/closed",
    "exchange/malformed",
    "exchange/error-status",
    "login/rejected",
    "content/status-not-allowed",
  ],
  domain: [
    "success",
    ...BEFORE,
    "state/pending",
    "registry/unavailable",
    "registry/unreadable",
    "domain/not-registered",
    "domain/expired",
    "domain/suspended",
    "domain/blacklisted",
    "domain/transfer-unprotected",
  ],
  server: [
    "success",
    ...BEFORE,
    "state/pending",
    "server/load",
    "server/cpu",
    "server/memory",
    "server/storage",
    "server/bandwidth-out",
    "server/bandwidth-in",
    "server/report-missing",
  ],
} as const satisfies Record<Subject, readonly Outcome[]>;

/** The outcomes that a service of any protocol has while no probe of it runs. */
export const STATES = ["state/created", "state/disabled", "state/pending"] as const;

/** The outcomes in which a probe of subject `S` can end. */
export type OutcomeOf<S extends Subject> = (typeof REACHABLE)[S][number];
