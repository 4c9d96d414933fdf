import { inspect } from "node:util";
import type { Failure, Phase } from "../outcome/outcome.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { type ErrorFacts, type Fault, factsOf, type Recognised } from "./classify-fault.ts";
import { recogniseLibrary } from "./classify-library.ts";
import { recogniseSystem } from "./classify-system.ts";
import { recogniseTls } from "./classify-tls.ts";

/** An error as the vocabulary has it; the detail is one sentence for a person, at most 500 characters. */
export interface Classified {
  readonly outcome: Failure;
  readonly detail: string;
}

/**
 * What an error means that was thrown in a phase. The names of system, TLS and library errors stand here and in the
 * `classify-*` files beside, nowhere else. What nobody recognises is `local/defect`: our fault until shown otherwise.
 */
export function classify(phase: Phase, error: unknown): Classified {
  const chain = chainOf(error);
  const failure = chain.find((link) => link instanceof ProbeFailure);
  if (failure !== undefined) return { outcome: failure.outcome, detail: presentable(failure.detail) };
  // The innermost error knows best: those around it are of libraries that passed it on. That work was given up tells
  // the least, so it comes last.
  const finds = chain.toReversed().flatMap((link) => recognise(factsOf(link)));
  const best = finds.find(({ fault }) => fault !== "aborted") ?? finds[0];
  const outcome = best && (BY_PHASE[phase][best.fault] ?? ANYWHERE[best.fault]);
  return best === undefined || outcome === undefined
    ? { outcome: "local/defect", detail: presentable(describe(error)) }
    : { outcome, detail: presentable(`${best.sentence} (${remark(best.facts)})`) };
}

/** An error, what it wraps and what its disposal replaced, the outermost first. Bounded: a chain may be a ring. */
function chainOf(error: unknown): readonly unknown[] {
  const chain = new Set([error]);
  for (const link of chain) {
    for (const inner of innerOf(link)) if (chain.size < LONGEST_CHAIN) chain.add(inner);
  }
  return [...chain];
}

/** Libraries wrap twice or three times; an AggregateError holds one error for each address of a name. */
const LONGEST_CHAIN = 20;

function innerOf(error: unknown): readonly unknown[] {
  if (error instanceof SuppressedError) return [error.error, error.suppressed];
  const several = error instanceof AggregateError ? error.errors : [];
  return error instanceof Error && error.cause !== undefined ? [...several, error.cause] : several;
}

/** An error that was recognised, and what it said of itself. */
interface Find extends Recognised {
  readonly facts: ErrorFacts;
}

function recognise(facts: ErrorFacts): readonly Find[] {
  const recognised = recogniseSystem(facts) ?? recogniseTls(facts) ?? recogniseLibrary(facts);
  return recognised === undefined ? [] : [{ ...recognised, facts }];
}

type Outcomes = Readonly<Partial<Record<Fault, Failure>>>;

/** Faults that are of one phase whichever was running: a library resolved, say, in the middle of a dialogue. */
const ANYWHERE: Outcomes = {
  "no-socket": "local/no-socket",
  "name-not-found": "resolve/name-not-found",
  "no-address": "resolve/no-address",
  "server-failure": "resolve/server-failure",
  "too-large": "content/too-large",
  "tls-client-refused": "tls/handshake-failed",
  "certificate-expired": "tls/certificate-expired",
  "certificate-not-yet-valid": "tls/certificate-not-yet-valid",
  "certificate-name": "tls/name-mismatch",
  "certificate-invalid": "tls/certificate-invalid",
  "certificate-unknown-authority": "tls/unknown-authority",
};

/** Phases in which nothing of the network happens: work that was given up is all that can be told from a defect. */
const IDLE: Outcomes = { aborted: "deadline/no-time-left" };

const EXCHANGE: Outcomes = {
  aborted: "exchange/timeout",
  "timed-out": "exchange/timeout",
  closed: "exchange/closed",
  unsent: "exchange/send-failed",
  malformed: "exchange/malformed",
  // Datagrams: the ICMP answer to one that was sent. Streams cannot be refused once they are open.
  refused: "connect/refused",
  unreachable: "connect/unreachable",
  "not-permitted": "connect/unreachable",
  "tls-absent": "exchange/malformed",
  "tls-unagreed": "exchange/malformed",
  "tls-failed": "exchange/malformed",
};

const UNAVAILABLE = "registry/unavailable";
const MISSING = "server/report-missing";

/** What each fault means in each phase. */
const BY_PHASE: Readonly<Record<Phase, Outcomes>> = {
  request: IDLE,
  deadline: IDLE,
  policy: IDLE,
  local: IDLE,
  timing: IDLE,
  domain: IDLE,
  state: IDLE,
  resolve: {
    aborted: "resolve/timeout",
    "timed-out": "resolve/timeout",
    refused: "resolve/server-failure",
    unreachable: "resolve/server-failure",
    "not-permitted": "resolve/server-failure",
    closed: "resolve/server-failure",
    unsent: "resolve/server-failure",
  },
  connect: {
    aborted: "connect/timeout",
    "timed-out": "connect/timeout",
    refused: "connect/refused",
    closed: "connect/refused",
    unreachable: "connect/unreachable",
    "not-permitted": "connect/unreachable",
  },
  tls: {
    aborted: "tls/timeout",
    "timed-out": "tls/timeout",
    closed: "tls/handshake-failed",
    unsent: "tls/handshake-failed",
    "tls-absent": "tls/not-offered",
    "tls-unagreed": "tls/no-common-cipher",
    "tls-failed": "tls/handshake-failed",
  },
  upgrade: {
    ...EXCHANGE,
    aborted: "upgrade/timeout",
    "timed-out": "upgrade/timeout",
    // The request was not answered by what could accept or reject it.
    closed: "upgrade/malformed",
    unsent: "upgrade/malformed",
    malformed: "upgrade/malformed",
  },
  login: EXCHANGE,
  exchange: EXCHANGE,
  redirect: EXCHANGE,
  content: EXCHANGE,
  registry: {
    "no-socket": UNAVAILABLE,
    "name-not-found": UNAVAILABLE,
    "no-address": UNAVAILABLE,
    "server-failure": UNAVAILABLE,
    aborted: UNAVAILABLE,
    "timed-out": UNAVAILABLE,
    refused: UNAVAILABLE,
    unreachable: UNAVAILABLE,
    "not-permitted": UNAVAILABLE,
    closed: UNAVAILABLE,
    unsent: UNAVAILABLE,
    malformed: "registry/unreadable",
    "too-large": "registry/unreadable",
    "tls-absent": UNAVAILABLE,
    "tls-unagreed": UNAVAILABLE,
    "tls-client-refused": UNAVAILABLE,
    "tls-failed": UNAVAILABLE,
    "certificate-expired": UNAVAILABLE,
    "certificate-not-yet-valid": UNAVAILABLE,
    "certificate-name": UNAVAILABLE,
    "certificate-invalid": UNAVAILABLE,
    "certificate-unknown-authority": UNAVAILABLE,
  },
  // A server that is asked and does not answer sent no report. A socket that this host lacks is not its fault.
  server: {
    "name-not-found": MISSING,
    "no-address": MISSING,
    "server-failure": MISSING,
    aborted: MISSING,
    "timed-out": MISSING,
    refused: MISSING,
    unreachable: MISSING,
    "not-permitted": MISSING,
    closed: MISSING,
    unsent: MISSING,
    malformed: MISSING,
    "too-large": MISSING,
    "tls-absent": MISSING,
    "tls-unagreed": MISSING,
    "tls-client-refused": MISSING,
    "tls-failed": MISSING,
    "certificate-expired": MISSING,
    "certificate-not-yet-valid": MISSING,
    "certificate-name": MISSING,
    "certificate-invalid": MISSING,
    "certificate-unknown-authority": MISSING,
  },
};

/** The code with the address, or, where there is none, with what the library says beyond the sentence. */
function remark({ name, message, code, syscall, address, port }: ErrorFacts): string {
  // The numbers of old DOM exceptions say less than their names.
  const label = code === "" || /^\d+$/.test(code) ? name : code;
  if (address !== "") return `${label} ${peer(address, port)}`;
  // OpenSSL's messages are memory addresses and lines of its source, the system's repeat the code.
  return syscall !== "" || /^ERR_(?:SSL|OSSL)_/.test(code) ? label : `${label}: ${message}`;
}

function peer(address: string, port: string): string {
  // Of a Unix socket; an abstract name starts with a NUL, and is written with an `@` (unix(7), ss(8)).
  if (port === "") return address.replace(/^\0/u, "@");
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `Thrown: ${inspect(error, { depth: 0 })}`;
}

/** What a peer sent may be in a message, so it can be of any length and hold what a terminal would obey. */
function presentable(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim();
  return plain.length <= LONGEST_DETAIL ? plain : `${plain.slice(0, LONGEST_DETAIL - 1).toWellFormed()}…`;
}

/** Enough for a sentence with a name of 253 characters in it; short enough for a label and a line of a log. */
const LONGEST_DETAIL = 500;
