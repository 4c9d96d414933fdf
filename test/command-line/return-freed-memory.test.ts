import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

const MODULE = new URL("../../src/command-line/return-freed-memory.ts", import.meta.url).href;

/** Prints how many of 100 MB, taken in blocks of 20 kB, stay resident when all but every hundredth have been freed. */
const PROGRAM = `
  import { returnFreedMemory } from ${JSON.stringify(MODULE)};
  if (process.argv[1] === "tuned") await returnFreedMemory({ log: (level, message) => console.error(level, message) });
  const before = process.memoryUsage.rss();
  let blocks = Array.from({ length: 5_000 }, () => Buffer.allocUnsafeSlow(20_000).fill(1));
  blocks = blocks.filter((block, index) => index % 100 === 0);
  gc();
  gc();
  console.log(JSON.stringify({ kept: (process.memoryUsage.rss() - before) / 1e6, blocks: blocks.length }));
`;

test("memory that was freed between blocks in use goes back to the system", async (context) => {
  if (process.platform !== "linux" || !(await usesGlibc())) {
    context.skip("glibc alone has the option");
    return;
  }
  const [tuned, untuned] = [await keptMegabytes("tuned"), await keptMegabytes("untuned")];
  assert.ok(tuned < untuned / 2, `kept ${tuned} MB, and ${untuned} MB without the option`);
});

async function keptMegabytes(argument: "tuned" | "untuned"): Promise<number> {
  const flags = ["--expose-gc", "--input-type=module", "--eval", PROGRAM, argument];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, flags);
  assert.equal(stderr, "");
  const { kept }: { readonly kept: number } = JSON.parse(stdout);
  return kept;
}

async function usesGlibc(): Promise<boolean> {
  const script = "console.log(process.report.getReport().header.glibcVersionRuntime ?? '')";
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", script]);
  return stdout.trim() !== "";
}
