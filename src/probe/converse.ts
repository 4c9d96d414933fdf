import { isUtf8 } from "node:buffer";
import type { Socket } from "node:net";
import { ByteReader } from "../network/byte-reader.ts";
import { write } from "../network/write.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { ConversationStep, ExpectLabel, Sending } from "../settings/query-response.ts";
import type { Captures } from "../settings/regular-expression.ts";
import { concealSent } from "./conceal-sent.ts";
import { expandTemplate } from "./expand-template.ts";
import { meetExpectation } from "./meet-expectation.ts";
import { printable } from "./printable.ts";
import type { ProbeContext } from "./prober.ts";

export interface Conversation {
  readonly steps: readonly ConversationStep[];
  /** Makes the socket a TLS channel, where a step says so. */
  readonly upgrade: (socket: Socket) => Promise<Socket>;
  readonly context: ProbeContext;
}

/**
 * Goes through the steps of `query_response` over a connected stream: waits for what each expects, then sends, then
 * starts TLS. What was read ahead by one step is the next one's. To be run in phase `exchange`.
 */
export async function converse(socket: Socket, conversation: Conversation): Promise<void> {
  const { steps, context } = conversation;
  context.measure("probe_failed_due_to_regex", 0);
  context.measure("probe_failed_due_to_bytes", 0);
  const switching = steps.findIndex(({ startTls }) => startTls);
  if (switching < 0) return talk(socket, conversation);
  const count = switching + 1;
  await talk(socket, { ...conversation, steps: steps.slice(0, count) });
  const channel = await conversation.upgrade(socket);
  await talk(channel, { ...conversation, steps: steps.slice(count) });
}

async function talk(socket: Socket, { steps, context }: Conversation): Promise<void> {
  using reader = new ByteReader(socket);
  const sent: string[] = [];
  for (const [index, step] of steps.entries()) {
    const captures = await meetExpectation({
      reader,
      step,
      show: (reply) => printable(concealSent(beginningOf(reply), sent)),
      blame: (cause) => context.measure(`probe_failed_due_to_${cause}`, 1),
    });
    if (step.expectation !== undefined) context.log("debug", "Expectation met", { step: index + 1 });
    exposeLabels(step.labels, { captures, context });
    if (step.sending !== undefined) sent.push(await send(socket, { sending: step.sending, captures }));
    if (step.startTls) refuseEarlyBytes(reader);
  }
}

/** Enough for a detail, and for the words that are concealed in it. */
function beginningOf(reply: Uint8Array): string {
  return Buffer.from(reply.subarray(0, 1000)).toString("latin1");
}

function exposeLabels(
  labels: readonly ExpectLabel[],
  { captures, context }: { readonly captures: Captures | undefined; readonly context: ProbeContext },
): void {
  if (labels.length === 0) return;
  const values = labels.map(({ name, value }) => [name, labelValue(value, captures)]);
  context.measure("probe_expect_info", 1, Object.fromEntries(values));
}

function labelValue(template: string, captures: Captures | undefined): string {
  const value = captures === undefined ? template : expandTemplate(template, captures);
  return value.slice(0, LONGEST_LABEL).toWellFormed();
}

/** A label tells a version or a name; Prometheus keeps every value that a target ever sends. */
const LONGEST_LABEL = 1000;

/** Sends and yields what was sent, one character a byte. */
async function send(
  socket: Socket,
  { sending, captures }: { readonly sending: Sending; readonly captures: Captures | undefined },
): Promise<string> {
  const bytes = bytesToSend(sending, captures);
  try {
    await write(socket, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProbeFailure("exchange/send-failed", { detail: `Cannot send: ${reason}`, cause: error });
  }
  return Buffer.from(bytes).toString("latin1");
}

/** As in blackbox_exporter, `send` always gets a line feed. */
function bytesToSend({ key, bytes }: Sending, captures: Captures | undefined): Uint8Array {
  if (key === "send_hex") return bytes;
  const filled = captures === undefined ? bytes : fillIn(bytes, captures);
  return key === "send" ? Buffer.concat([filled, Buffer.from("\n")]) : filled;
}

/** Bytes that are no text have no places to fill in. */
function fillIn(template: Uint8Array, captures: Captures): Uint8Array {
  if (!isUtf8(template)) return template;
  return Buffer.from(expandTemplate(Buffer.from(template).toString(), captures));
}

/** What came before the handshake is in the clear: whoever put it there could pass it off as the peer's secure answer. */
function refuseEarlyBytes(reader: ByteReader): void {
  const count = reader.pending;
  if (count === 0) return;
  throw new ProbeFailure("exchange/malformed", {
    detail: `Expected nothing between the agreement on TLS and its handshake, found ${count} bytes`,
  });
}
