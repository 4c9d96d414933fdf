import { isIP, isIPv4 } from "node:net";
import { z } from "zod";
import { PROTOCOLS, type Protocol } from "../outcome/protocol.ts";
import type { BoundProbe, Module, Prober } from "../probe/prober.ts";
import { duration } from "../settings/duration.ts";
import type { Schema } from "../settings/schema.ts";
import { text } from "../settings/text.ts";

/** A module as its block describes it; its name is the key of that block. */
export type NamelessModule = Omit<Module, "name">;

/** Reads one module. Every protocol's block is validated, whichever of them `prober` names. */
export function moduleSchema(probers: readonly Prober[]): Schema<NamelessModule> {
  const rows = new Map(probers.map((prober) => [prober.protocol, prober]));
  const rowOf = (protocol: Protocol): Prober => rows.get(protocol) ?? missing(protocol);
  return z.strictObject({ ...OPTIONS, ...blocksOf(rowOf) }).transform((raw, context): NamelessModule => {
    const row = rowOf(raw.prober);
    return {
      protocol: raw.prober,
      timeoutSeconds: positive(raw.timeout),
      maxResponseTimeSeconds: positive(raw.max_response_time),
      internalAddresses: raw.internal_addresses ?? "allow",
      resolver: raw.resolver ?? [],
      timeouts: row.timeouts,
      probe: raw[raw.prober] ?? defaultProbe(row, context),
    };
  });
}

const server = text.refine(isServer, 'expected a DNS server such as "192.0.2.1" or "[2001:db8::1]:5353"');

const OPTIONS = {
  prober: z.enum(PROTOCOLS, { error: `expected one of ${PROTOCOLS.join(", ")}` }),
  timeout: duration.optional(),
  max_response_time: duration.optional(),
  internal_addresses: z.enum(["allow", "forbid"], { error: 'expected "allow" or "forbid"' }).optional(),
  resolver: z.union([server.transform((one) => [one]), z.array(server)]).optional(),
};

/** One block for each word of the vocabulary: a new protocol does not compile until it is listed here. */
function blocksOf(rowOf: (protocol: Protocol) => Prober) {
  const block = (protocol: Protocol): z.ZodOptional<Schema<BoundProbe>> => rowOf(protocol).settings.optional();
  return {
    http: block("http"),
    tls: block("tls"),
    tcp: block("tcp"),
    unix: block("unix"),
    udp: block("udp"),
    icmp: block("icmp"),
    dns: block("dns"),
    smtp: block("smtp"),
    pop3: block("pop3"),
    imap: block("imap"),
    ftp: block("ftp"),
    websocket: block("websocket"),
    grpc: block("grpc"),
    domain: block("domain"),
    server: block("server"),
  } satisfies Record<Protocol, unknown>;
}

function missing(protocol: Protocol): never {
  throw new TypeError(`The table of probers has no row for ${protocol}`);
}

/** The probe of a module without a block for its prober; a setting that the block must have is missing then. */
function defaultProbe(row: Prober, context: z.core.$RefinementCtx): BoundProbe {
  const read = row.settings.safeParse({});
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    context.issues.push({
      code: "custom",
      path: [row.protocol, ...issue.path],
      message: issue.message,
      input: undefined,
    });
  }
  return z.NEVER;
}

/** Zero and less mean unset, as in blackbox_exporter. */
function positive(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds > 0 ? seconds : undefined;
}

/** An address, or an address and a port: the form that the resolver takes. */
function isServer(value: string): boolean {
  if (isIP(value) !== 0) return true;
  const { address, port } = /^\[?(?<address>[^\]]*)\]?:(?<port>\d{1,5})$/u.exec(value)?.groups ?? {};
  if (address === undefined || Number(port) < 1 || Number(port) > 65_535) return false;
  return value.startsWith("[") ? isIP(address) === 6 : isIPv4(address);
}
