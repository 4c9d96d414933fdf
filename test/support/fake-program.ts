import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program of our own in a directory of its own. */
export interface FakeProgram extends AsyncDisposable {
  readonly path: string;
}

/** Writes a shell script that can be run by its path. */
export async function makeFakeProgram(name: string, script: string): Promise<FakeProgram> {
  const directory = await mkdtemp(join(tmpdir(), "program-"));
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}
