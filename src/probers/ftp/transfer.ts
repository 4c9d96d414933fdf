import type { Socket } from "node:net";
import { type Deadline, startDeadline } from "../../network/deadline.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { dataFailure, dialData, enterPassiveMode, secureData } from "./data-connection.ts";
import { type Meaning, readReplyTo, refusal } from "./dialogue.ts";
import { type ReplyKind, replyKind } from "./reply.ts";
import type { Session } from "./session.ts";

/** What goes over a data connection. */
export interface Transfer {
  readonly kind: "list" | "download" | "upload";
  /** With the path, e.g. `RETR readme.txt`. */
  readonly command: string;
  /** Called when the server has agreed. */
  readonly onAgreed?: () => void;
  /** Sends or receives, and tells each time how many bytes it was. Ends with what became of it. */
  readonly carry: (socket: Socket, count: (bytes: number) => void) => Promise<Carried>;
}

/** `all`: there was no more to carry; `enough`: the rest was not waited for, so that the server may complain. */
export type Carried = "all" | "enough";

/**
 * One transfer, with a data connection of its own: the port in phase `exchange`, the rest in phase `content`. Measures
 * bytes and speed, also of a transfer that fails. Throws `exchange/transfer-failed`, or what `refusal` makes of a reply.
 */
export async function transfer(work: Transfer, session: Session): Promise<void> {
  const { context } = session;
  const place = await context.during("exchange", () => enterPassiveMode(session));
  await context.during("content", async () => {
    using patience = startDeadline({ seconds: patienceSeconds(session), signal: context.signal });
    using opened = new DisposableStack();
    const socket = await dialData(place, { session, signal: patience.signal });
    opened.defer(() => socket.destroy());
    await converse(work, { session, socket, patience });
  });
}

/** Leaves time to clean up and to say what happened. */
function patienceSeconds({ context }: Session): number {
  const left = context.secondsLeft();
  return left - Math.min(LONGEST_RESERVE_SECONDS, left / 5);
}

const LONGEST_RESERVE_SECONDS = 1;

interface Opened {
  readonly session: Session;
  readonly socket: Socket;
  readonly patience: Deadline;
}

/**
 * The command and its replies, and beside them the data. TLS starts at once, for some servers agree only after its
 * handshake, and others shake hands only after they have agreed.
 */
async function converse(work: Transfer, { session, socket, patience }: Opened): Promise<void> {
  const command = { line: work.command };
  await session.dialogue.sendLine(command.line);
  const securing = secureData(socket, { session, signal: patience.signal });
  // Whether it succeeds matters only if the server agrees: until then its failure is nobody's.
  void Promise.allSettled([securing]);
  const opening = await readReplyTo(command, session);
  if (!AGREED.has(replyKind(opening))) throw refusal(opening, { command, session });
  work.onAgreed?.();
  const carrying = securing.then((secured) => carry(work, { session, socket: secured, patience }));
  const [carried] = await Promise.allSettled([carrying]);
  const isWhole = carried.status === "fulfilled" && carried.value === "all";
  // Only then: what was sent last may still be on its way, and would be lost with the connection.
  if (!isWhole) socket.destroy();
  if (carried.status === "rejected" && isOver(carried.reason, { work, patience })) throw carried.reason;
  const [replied] = await Promise.allSettled([replyKind(opening) === "done" ? opening : readReplyTo(command, session)]);
  // What the server says to an end that it did not cause tells of nothing but that.
  if (carried.status === "rejected" && patience.expired) throw carried.reason;
  if (replied.status === "rejected") throw replied.reason;
  const final = replied.value;
  if (carried.status === "fulfilled" && carried.value === "enough") return;
  if (replyKind(final) !== "done") throw refusal(final, { command, session, meaning: AFTER_AGREEMENT });
  if (carried.status === "rejected") throw carried.reason;
}

/** Most servers announce the transfer, and some are done with a small one before they do. */
const AGREED: ReadonlySet<ReplyKind> = new Set<ReplyKind>(["preliminary", "done"]);

/**
 * Whether a transfer that failed needs no reply: the server may have none where the data came to no end, or nothing to
 * say to the point where the fault is found here. But an upload has to be cleaned up, after the reply to it.
 */
function isOver(
  reason: unknown,
  { work, patience }: { readonly work: Transfer; readonly patience: Deadline },
): boolean {
  const isTransfer = reason instanceof ProbeFailure && reason.outcome === "exchange/transfer-failed";
  return work.kind !== "upload" && (patience.expired || !isTransfer);
}

/** Whatever stops a transfer that has begun. */
const AFTER_AGREEMENT: Meaning = { byCode: new Map(), otherwise: "exchange/transfer-failed" };

async function carry(work: Transfer, { session, socket, patience }: Opened): Promise<Carried> {
  const { context } = session;
  const started = context.elapsedSeconds();
  let bytes = 0;
  const count = (more: number): void => {
    bytes += more;
  };
  try {
    return await work.carry(socket, count);
  } catch (error) {
    if (!patience.expired) throw dataFailure(error, { phase: "exchange", doing: DOING[work.kind] });
    const detail = `The transfer did not end in time: ${work.command} carried ${bytes} bytes`;
    throw new ProbeFailure("exchange/transfer-failed", { detail, cause: error });
  } finally {
    measure({ bytes, seconds: context.elapsedSeconds() - started }, { operation: work.kind, context });
  }
}

const DOING: Readonly<Record<Transfer["kind"], string>> = {
  list: "receive the listing",
  download: "receive the file",
  upload: "send the file",
};

function measure(
  { bytes, seconds }: { readonly bytes: number; readonly seconds: number },
  { operation, context }: { readonly operation: Transfer["kind"]; readonly context: ProbeContext },
): void {
  context.measure("probe_ftp_transfer_bytes", bytes, { operation });
  context.measure("probe_ftp_transfer_duration_seconds", seconds, { operation });
  if (seconds > 0) context.measure("probe_ftp_transfer_bytes_per_second", bytes / seconds, { operation });
}
