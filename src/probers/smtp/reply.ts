/** A whole reply (RFC 5321 §4.2): its code and the text of its lines, without codes. */
export interface SmtpReply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Whether this line is the last of its reply; one that is no line of a reply at all is, for nothing can follow it. */
export function isLastLine(line: string): boolean {
  return !/^\d{3}-/u.test(line);
}

/** The reply that these lines make; undefined where they make none, e.g. where their codes differ. */
export function parseReply(lines: readonly string[]): SmtpReply | undefined {
  const parts = lines.map((line) => /^(?<code>[2-5]\d\d)(?:[ -](?<text>.*))?$/su.exec(line)?.groups);
  const codes = new Set(parts.map((part) => part?.["code"]));
  const [code] = codes;
  if (code === undefined || codes.size > 1) return undefined;
  return { code: Number(code), lines: parts.map((part) => part?.["text"] ?? "") };
}

/** The reply on one line, as a person reads it, e.g. `535 5.7.8 Authentication failed`. */
export function replyText({ code, lines }: SmtpReply): string {
  return `${code} ${lines.join(" ")}`.trimEnd();
}
