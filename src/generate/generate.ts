import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OUTPUTS, type Output } from "./outputs.ts";

/** The root of the repository, two folders above this file. */
const ROOT = join(import.meta.dirname, "..", "..");

if (process.argv.includes("--check")) {
  await check();
} else {
  await write();
}

/** Names the files that differ from what the code generates now, and exits with 1 if there are any. */
async function check(): Promise<void> {
  const same = await Promise.all(OUTPUTS.map(isCurrent));
  const stale = OUTPUTS.filter((_output, index) => same[index] !== true);
  for (const { path } of stale) process.stderr.write(`${path} differs: run \`npm run generate\` and commit it\n`);
  if (stale.length > 0) process.exitCode = 1;
}

async function write(): Promise<void> {
  for (const output of OUTPUTS) {
    if (await isCurrent(output)) continue;
    const file = join(ROOT, output.path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, output.render());
    process.stdout.write(`${output.path} written\n`);
  }
}

async function isCurrent({ path, render }: Output): Promise<boolean> {
  return (await contentOf(join(ROOT, path))) === render();
}

/** What the file holds; a file that does not exist holds nothing. */
async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
