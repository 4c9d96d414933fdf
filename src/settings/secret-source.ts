import { readFile, stat } from "node:fs/promises";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { Secret } from "./secret.ts";

/** Where a secret comes from: written in the configuration, or in a file of its own. */
export type SecretSource = Secret | SecretFile;

/** The source of a pair of keys such as `password` and `password_file`; undefined where neither is set (or both are ""). */
export function secretSource(inline: Secret | undefined, file: string | undefined): SecretSource | undefined {
  if (file !== undefined && file !== "") return new SecretFile(file);
  return inline === undefined || inline.reveal() === "" ? undefined : inline;
}

/** The secret itself; throws ProbeFailure `request/parameter-missing` where its file cannot be read. */
export async function readSecret(source: SecretSource): Promise<string> {
  return source instanceof Secret ? source.reveal() : await source.read();
}

/** A file that holds one secret; read when first used and again when it has changed. */
export class SecretFile {
  readonly path: string;
  #held: { readonly version: string; readonly secret: Secret } | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The content without the white space around it, as the Prometheus family reads such files. */
  async read(): Promise<string> {
    try {
      return await this.#readCurrent();
    } catch (error) {
      const detail = `Cannot read the secret file ${JSON.stringify(this.path)}: ${reasonOf(error)}`;
      throw new ProbeFailure("request/parameter-missing", { detail, cause: error });
    }
  }

  async #readCurrent(): Promise<string> {
    const { mtimeMs, size, ino } = await stat(this.path);
    if (size > LARGEST_SECRET_BYTES) throw new Error(`expected at most ${LARGEST_SECRET_BYTES} bytes, found ${size}`);
    const version = `${mtimeMs} ${size} ${ino}`;
    if (this.#held?.version === version) return this.#held.secret.reveal();
    const value = (await readFile(this.path, "utf8")).trim();
    this.#held = { version, secret: new Secret(value) };
    return value;
  }
}

/** Tokens and keys take a few kilobytes; anything this large is the wrong file. */
const LARGEST_SECRET_BYTES = 1024 * 1024;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
