import type { Address } from "../../network/resolve.ts";
import type { Phase } from "../../outcome/outcome.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import type { Query } from "./query.ts";
import type { DnsSettings } from "./settings.ts";
import type { ServerAddress } from "./target.ts";

/** One query to one server, whatever it travels over. */
export interface Inquiry {
  readonly server: ServerAddress;
  readonly address: Address;
  readonly query: Query;
  readonly settings: DnsSettings;
  readonly context: ProbeContext;
  readonly during: During;
}

/** Does some work in a phase of the probe, and adds its time to a phase of `probe_dns_duration_seconds`. */
export type During = <T>(phase: Phase, work: () => T | Promise<T>) => Promise<T>;

/** Asks and yields the bytes of the reply to this query; throws what the phases make of a failure. */
export type Ask = (inquiry: Inquiry) => Promise<Uint8Array>;
