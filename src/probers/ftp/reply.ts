/** One reply of the server (RFC 959 §4.2). */
export interface Reply {
  /** Three digits, 100 to 599. */
  readonly code: number;
  /** What the lines say, without the code where they begin with it. */
  readonly lines: readonly string[];
}

/** The first line of a reply, and whether it is the only one. */
export interface ReplyStart {
  readonly code: number;
  readonly text: string;
  readonly isLast: boolean;
}

/** Reads a line, without its end, as the first of a reply; undefined where it cannot be that. */
export function parseReplyStart(line: string): ReplyStart | undefined {
  const { code, mark, text = "" } = START.exec(line)?.groups ?? {};
  return code === undefined ? undefined : { code: Number(code), text, isLast: mark !== "-" };
}

const START = /^(?<code>[1-5]\d\d)(?:(?<mark>[ -])(?<text>.*))?$/su;

/** Whether a line ends a reply of several lines: it repeats the code, and no hyphen follows. */
export function isReplyEnd(line: string, code: number): boolean {
  const start = parseReplyStart(line);
  return start !== undefined && start.code === code && start.isLast;
}

/** What a later line of a reply says: the code is in the last, and many servers repeat it in all. */
export function textOfReplyLine(line: string, code: number): string {
  const start = parseReplyStart(line);
  return start?.code === code ? start.text : line;
}

/** What the first digit of a code stands for (RFC 959 §4.2.1). */
export function replyKind({ code }: Reply): ReplyKind {
  if (code < 200) return "preliminary";
  if (code < 300) return "done";
  return code < 400 ? "intermediate" : "refused";
}

export type ReplyKind = "preliminary" | "done" | "intermediate" | "refused";
