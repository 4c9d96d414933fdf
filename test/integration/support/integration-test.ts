import { spawnSync } from "node:child_process";
import { type TestContext, test } from "node:test";

/** Where Debian puts the servers of an ordinary user's machine, though not on that user's PATH. */
const SEARCH_PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** Whether a missing program fails a test, as in continuous integration, or skips it with the reason. */
const REQUIRED = process.env["REQUIRE_INTEGRATION"] === "1";

/** A test against real programs, which end with the test that started them: it gets a stack to put them on. */
export function integrationTest(
  name: string,
  options: {
    readonly programs: readonly string[];
    readonly body: (stack: AsyncDisposableStack, context: TestContext) => Promise<void>;
  },
): void {
  const missing = options.programs.filter((program) => findProgram(program) === undefined);
  const reason = missing.length === 0 ? false : `not installed: ${missing.join(", ")}`;
  test(name, { skip: REQUIRED ? false : reason }, async (context) => {
    if (reason !== false) throw new Error(`Cannot run the test: ${reason}`);
    await using stack = new AsyncDisposableStack();
    await options.body(stack, context);
  });
}

/** The path of a program, or undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const { stdout } = spawnSync("/bin/sh", ["-c", 'command -v "$0"', name], {
    encoding: "utf8",
    env: { ...process.env, PATH: SEARCH_PATH },
  });
  return stdout.trim() || undefined;
}
