import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "./temporary-directory.ts";

const RULES = fileURLToPath(new URL("../../../config/prometheus/rules", import.meta.url));

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A folder with the rules as they are committed, but so many times as fast in coming to an alert. */
export async function hurriedRules(stack: AsyncDisposableStack, times: number): Promise<string> {
  const directory = await temporaryDirectory(stack);
  for (const name of await readdir(RULES)) {
    const text = await readFile(join(RULES, name), "utf8");
    await writeFile(
      join(directory, name),
      text.replaceAll(WAIT, (...found) => hurried(found.at(-1), times)),
    );
  }
  return directory;
}

const WAIT = /(?<=^ +(?:keep_firing_)?for: )(?<count>\d+)(?<unit>[smhd])$/gm;

function hurried(groups: { readonly count: string; readonly unit: keyof typeof SECONDS }, times: number): string {
  return `${Math.ceil((Number(groups.count) * SECONDS[groups.unit]) / times)}s`;
}
