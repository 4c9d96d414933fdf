/** One whole HTTP answer at the start of `text`, and how many characters it took; undefined while it is incomplete. */
export function readAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd).toLowerCase();
  const status = Number(head.slice("http/1.1 ".length, "http/1.1 200".length));
  const keepAlive = !head.includes("\r\nconnection: close");
  const start = headEnd + "\r\n\r\n".length;
  const body = head.includes("\r\ntransfer-encoding: chunked")
    ? readChunks(text, start)
    : readLength(text, start, head);
  return body === undefined ? undefined : { status, keepAlive, ...body };
}

export interface Answer {
  readonly status: number;
  readonly keepAlive: boolean;
  readonly body: string;
  /** Where the next answer begins. */
  readonly end: number;
}

type Body = Pick<Answer, "body" | "end">;

function readLength(text: string, start: number, head: string): Body | undefined {
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length === undefined) throw new Error(`Cannot read an answer without a length: ${head}`);
  const end = start + Number(length);
  return text.length < end ? undefined : { body: text.slice(start, end), end };
}

function readChunks(text: string, start: number): Body | undefined {
  let body = "";
  for (let at = start; ; ) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const chunkStart = lineEnd + "\r\n".length;
    at = chunkStart + size + "\r\n".length;
    if (text.length < at) return undefined;
    if (size === 0) return { body, end: at };
    body += text.slice(chunkStart, chunkStart + size);
  }
}
