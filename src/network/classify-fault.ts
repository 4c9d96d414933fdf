/** What happened, as far as an error's name tells; which failure that is depends on the phase. */
export const FAULTS = [
  "aborted",
  "no-socket",
  "name-not-found",
  "no-address",
  "server-failure",
  "refused",
  "unreachable",
  "not-permitted",
  "timed-out",
  "closed",
  "unsent",
  "malformed",
  "too-large",
  "tls-absent",
  "tls-unagreed",
  "tls-client-refused",
  "tls-failed",
  "certificate-expired",
  "certificate-not-yet-valid",
  "certificate-name",
  "certificate-invalid",
  "certificate-unknown-authority",
] as const;

export type Fault = (typeof FAULTS)[number];

/** A fault, and what to say of it to a person. */
export interface Recognised {
  readonly fault: Fault;
  readonly sentence: string;
}

/** What errors of the system and of libraries tell of themselves; empty where they do not. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly syscall: string;
  /** The address, the path of a Unix socket, or the name that was looked up. */
  readonly address: string;
  readonly port: string;
}

/** Reads an error's own account of itself. */
export function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) {
    return { name: "", message: "", code: "", syscall: "", address: "", port: "" };
  }
  return {
    name: error.name,
    message: error.message,
    code: property(error, "code"),
    syscall: property(error, "syscall"),
    address: property(error, "address") || property(error, "hostname"),
    port: property(error, "port"),
  };
}

function property(error: Error, key: string): string {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
