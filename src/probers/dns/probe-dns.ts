import { randomInt } from "node:crypto";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { askOverHttps } from "./ask-https.ts";
import { askOverTcp, askOverTls } from "./ask-stream.ts";
import { askOverUdp } from "./ask-udp.ts";
import { judgeReply } from "./judge-reply.ts";
import { measureReply } from "./measure-reply.ts";
import { measuredPhases } from "./measured-phases.ts";
import { type Message, readMessage, readMessageHead } from "./message.ts";
import { encodeQuery } from "./query.ts";
import { readQueryName } from "./query-name.ts";
import { recordClassName } from "./record-class.ts";
import { recordTypeName } from "./record-type.ts";
import { requireReplyTo } from "./reply.ts";
import { type DnsSettings, type Transport } from "./settings.ts";
import { readServerAddress } from "./target.ts";
import type { Ask, During, Inquiry } from "./transport.ts";

/** DNS: one question to the server that is the target, over UDP, TCP, TLS or HTTPS. */
export async function probeDns(target: string, settings: DnsSettings, context: ProbeContext): Promise<void> {
  const during = measuredPhases(context);
  measureNothingYet(context);
  const server = readServerAddress(target, settings);
  const name = queryNameFor(settings, context);
  const address = await during("resolve", () => reach(server.host, settings.family, context));
  const query = encodeQuery(settings.query, { id: newId(settings.transport), name });
  tell(settings, { name, context });
  const reply = await ask({ server, address, query, settings, context, during });
  measureReply(reply, { type: settings.query.type, context });
  judgeReply(reply, { type: settings.query.type, checks: settings.checks });
}

/** As blackbox_exporter has it, these are there whatever happens. */
function measureNothingYet(context: ProbeContext): void {
  context.measure("probe_dns_query_succeeded", 0);
  context.measure("probe_dns_answer_rrs", 0);
  context.measure("probe_dns_authority_rrs", 0);
  context.measure("probe_dns_additional_rrs", 0);
}

/** The module's name; where it has none, that of the scrape. */
function queryNameFor(settings: DnsSettings, { hostname }: ProbeContext): string {
  if (settings.queryName !== undefined) return settings.queryName;
  const name = hostname === undefined || hostname === "" ? undefined : readQueryName(hostname);
  if (name !== undefined) return name;
  const found = hostname === undefined || hostname === "" ? "neither" : JSON.stringify(hostname.slice(0, 300));
  throw new ProbeFailure("request/parameter-missing", {
    detail: `Expected a domain name to ask for, as query_name of the module or as hostname= of the scrape, found ${found}`,
  });
}

/** Hard to guess (RFC 5452 §9.2); over HTTPS 0, so that caches can tell equal queries (RFC 8484 §4.1). */
function newId(transport: Transport): number {
  return transport === "https" ? 0 : randomInt(2 ** 16);
}

function tell(
  settings: DnsSettings,
  { name, context }: { readonly name: string; readonly context: ProbeContext },
): void {
  const { query, transport } = settings;
  const question = { name, type: recordTypeName(query.type), class: recordClassName(query.class) };
  context.measure("probe_dns_query_info", 1, question);
  context.log("info", "Making DNS query", { ...question, transport });
}

const ASK: Readonly<Record<Transport, Ask>> = {
  udp: askOverUdp,
  tcp: askOverTcp,
  tls: askOverTls,
  https: askOverHttps,
};

async function ask(inquiry: Inquiry): Promise<Message> {
  const { settings, context } = inquiry;
  const { transport, retryOverTcp } = settings;
  const reply = await ASK[transport](inquiry);
  const { truncated } = readMessageHead(reply);
  context.measure("probe_dns_truncated", truncated ? 1 : 0);
  if (!truncated || transport !== "udp" || !retryOverTcp) return understand(reply, inquiry);
  context.log("info", "The answer over UDP was cut off; asking over TCP");
  return await askAgainOverTcp(inquiry);
}

/** What fails then is half of the story: a server that answers over UDP is up. */
async function askAgainOverTcp(inquiry: Inquiry): Promise<Message> {
  try {
    const during: During = (phase, work) =>
      inquiry.during(phase, () => {
        inquiry.context.noteWait("the answer over TCP, for that over UDP was cut off");
        return work();
      });
    return understand(await askOverTcp({ ...inquiry, during }), inquiry);
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    const detail = `The answer over UDP was cut off, and over TCP: ${error.detail}`;
    throw new ProbeFailure(error.outcome, { detail, cause: error });
  }
}

function understand(reply: Uint8Array, { query }: Inquiry): Message {
  const message = readMessage(reply);
  requireReplyTo(query, message);
  return message;
}
