import { type TestContext, test } from "node:test";
import { findProgram } from "./find-program.ts";

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
