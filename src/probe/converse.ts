import { isUtf8 } from "node:buffer";
import type { Socket } from "node:net";
import { ByteReader } from "../network/byte-reader.ts";
import { write } from "../network/write.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { ConversationSettings } from "../settings/conversation.ts";
import type { ConversationStep, Sending } from "../settings/query-response.ts";
import type { Captures } from "../settings/regular-expression.ts";
import { concealSent } from "./conceal-sent.ts";
import { expandTemplate } from "./expand-template.ts";
import { exposeLabels } from "./expose-labels.ts";
import { meetExpectation } from "./meet-expectation.ts";
import { printable } from "./printable.ts";
import type { ProbeContext } from "./prober.ts";
import { secureChannel } from "./secure-channel.ts";

/** Whom the conversation is with, and the probe that it is part of. */
export interface Conversation {
  /** The peer's name for TLS, unless the settings have another. */
  readonly host: string;
  readonly context: ProbeContext;
}

/**
 * Goes through the steps of `query_response` over a connected stream, in phase `exchange`: each waits for what it
 * expects, then sends, then starts TLS. What one step read ahead is the next one's.
 */
export async function converse(
  socket: Socket,
  settings: ConversationSettings,
  conversation: Conversation,
): Promise<void> {
  const { context } = conversation;
  const channel = settings.tls ? await startTls(socket, settings, conversation) : socket;
  context.measure("probe_failed_due_to_regex", 0);
  context.measure("probe_failed_due_to_bytes", 0);
  const talk: Talk = { context, sent: [], quietSeconds: 0 };
  const switching = settings.steps.findIndex((step) => step.startTls);
  const stepsBefore = switching < 0 ? settings.steps : settings.steps.slice(0, switching + 1);
  await takeSteps(channel, stepsBefore, talk);
  if (switching >= 0) {
    const secure = await startTls(channel, settings, conversation);
    await takeSteps(secure, settings.steps.slice(switching + 1), talk);
  }
  if (talk.quietSeconds > 0) context.noteResponseTime(context.elapsedSeconds() - talk.quietSeconds);
}

/** What is remembered from step to step. */
interface Talk {
  readonly context: ProbeContext;
  /** What was sent, one character a byte. */
  readonly sent: string[];
  /** Time spent on making sure that a reply was over, which is no part of the peer's response time. */
  quietSeconds: number;
}

async function startTls(
  socket: Socket,
  { tlsSettings }: ConversationSettings,
  { host, context }: Conversation,
): Promise<Socket> {
  const channel = await secureChannel(socket, { settings: tlsSettings, host }, context);
  return channel.socket;
}

/** A conversation without steps is none: its phase is not entered. */
async function takeSteps(socket: Socket, steps: readonly ConversationStep[], talk: Talk): Promise<void> {
  if (steps.length === 0) return;
  await talk.context.during("exchange", async () => {
    using reader = new ByteReader(socket);
    for (const step of steps) await takeStep(step, { socket, reader, talk });
  });
}

async function takeStep(
  step: ConversationStep,
  { socket, reader, talk }: { readonly socket: Socket; readonly reader: ByteReader; readonly talk: Talk },
): Promise<void> {
  const { context, sent } = talk;
  const captures = await meetExpectation({
    reader,
    step,
    show: (reply) => printable(concealSent(beginningOf(reply), sent)),
    blame: (cause) => context.measure(`probe_failed_due_to_${cause}`, 1),
    onWait: (awaited) => context.noteWait(awaited),
    onQuiet: (seconds) => {
      talk.quietSeconds += seconds;
    },
  });
  if (step.expectation !== undefined) context.log("debug", "Expectation met", { kind: step.expectation.kind });
  exposeLabels(step.labels, { captures, context });
  context.noteWait("the peer to take what it is sent");
  if (step.sending !== undefined) sent.push(await send(socket, { sending: step.sending, captures }));
  if (step.startTls) refuseEarlyBytes(reader);
}

/** Enough for a detail, and for the words that are concealed in it. */
function beginningOf(reply: Uint8Array): string {
  return Buffer.from(reply.subarray(0, 1000)).toString("latin1");
}

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
