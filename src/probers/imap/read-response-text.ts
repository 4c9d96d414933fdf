import type { LineDialogue } from "../../network/line-dialogue.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { literalSize, mayHoldLiterals } from "./response.ts";

/**
 * The next response with its literals, each byte of those as one character, so that their sizes can be found again.
 * Throws `exchange/malformed` where it has no end, and as the dialogue does.
 */
export async function readResponseText(dialogue: LineDialogue): Promise<string> {
  let text = await dialogue.readLine();
  let size = mayHoldLiterals(text) ? literalSize(text) : undefined;
  while (size !== undefined) {
    if (text.length + size > LONGEST_RESPONSE) throw tooLong(size);
    const literal = await dialogue.readBytes(size);
    const line = await dialogue.readLine();
    text += `\r\n${literal.toString("latin1")}${line}`;
    size = literalSize(line);
  }
  return text;
}

/** What a probe asks for has the name of a mailbox as its only literal, a few hundred bytes at most. */
const LONGEST_RESPONSE = 16 * 1024;

function tooLong(size: number): ProbeFailure {
  const detail = `Expected a response of at most ${LONGEST_RESPONSE} bytes, found a literal of ${size} bytes in it`;
  return new ProbeFailure("exchange/malformed", { detail });
}
