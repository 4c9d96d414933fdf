import { open } from "node:fs/promises";

/** The text of a configuration file; throws where it cannot be read, is larger than 16 MiB or is not UTF-8. */
export async function readConfigurationFile(path: string): Promise<string> {
  await using file = await open(path, "r");
  // One byte more than the bound tells that there is more, also where the size is unknown (a pipe).
  const chunks: unknown[] = await file.createReadStream({ end: LARGEST_BYTES }).toArray();
  const content = Buffer.concat(chunks.filter((chunk) => chunk instanceof Uint8Array));
  if (content.length > LARGEST_BYTES) {
    throw new Error(`Cannot read ${JSON.stringify(path)}: expected at most ${LARGEST_BYTES} bytes`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (error) {
    throw new Error(`Cannot read ${JSON.stringify(path)}: expected UTF-8`, { cause: error });
  }
}

/** Ten thousand modules take a few mebibytes; anything this large is the wrong file. */
const LARGEST_BYTES = 16 * 1024 * 1024;
