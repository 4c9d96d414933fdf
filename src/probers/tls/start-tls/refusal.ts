import { ProbeFailure } from "../../../outcome/probe-failure.ts";
import { printable } from "../../../probe/printable.ts";

/** A server that speaks the protocol but not TLS. */
export function notOffered(what: string, reply: string): ProbeFailure {
  return new ProbeFailure("tls/not-offered", { detail: `${what}: ${quoted(reply)}` });
}

/** A server that does not speak the protocol, or not as it should. */
export function malformed(expected: string, found: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail: `Expected ${expected}, found ${quoted(found)}` });
}

function quoted(reply: string): string {
  return printable(reply.slice(0, 200));
}
