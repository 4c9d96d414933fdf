import type { Response } from "express";

/** Answers with text that no browser takes for anything else. A line end is added where there is none. */
export function sendText(
  response: Response,
  { status, text }: { readonly status: number; readonly text: string },
): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end(text.endsWith("\n") ? text : `${text}\n`);
}
