import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Fault, Settings } from "./fault.ts";
import type { DialogueProtocol } from "./greeting-approach.ts";
import type { FaultServer } from "./servers/fault-server.ts";

/** How a server of a protocol is started that does what a script says, line by line. */
export interface Dialogue<Script> {
  readonly subject: DialogueProtocol;
  readonly start: (script: Script) => Promise<FaultServer>;
}

/** What such a server does, how it is probed, and what the exporter must say about it. */
export interface DialogueFault<Script> {
  readonly name: string;
  readonly outcome: Outcome;
  readonly script: Script;
  /** The module's keys beside the protocol's block. */
  readonly module?: Settings;
  /** The protocol's block. */
  readonly settings?: Settings;
}

/** The fault with its server. */
export function dialogueFault<Script>(
  { subject, start }: Dialogue<Script>,
  { name, outcome, script, module, settings }: DialogueFault<Script>,
): Fault {
  return {
    subject,
    name,
    outcome,
    async start() {
      const server = await start(script);
      const block = settings === undefined ? {} : { [subject]: settings };
      return {
        target: `${subject}://${server.host}:${server.port}`,
        module: { prober: subject, timeout: "5s", ...module, ...block },
        server,
      };
    },
  };
}
