import type { Subject } from "../outcome/reachable.ts";
import { PROBERS } from "../probers/all.ts";
import type { Runner } from "./runner.ts";

/** Runs in this thread what judges things that came in over the web, and everything else wherever `others` runs it. */
export function createRoutedRunner(options: {
  readonly subjectOf: (module: string) => Subject;
  readonly served: Runner;
  readonly others: Runner;
}): Runner {
  return {
    run(request, signal) {
      const runner = SERVED.has(options.subjectOf(request.module)) ? options.served : options.others;
      return runner.run(request, signal);
    },
  };
}

const SERVED: ReadonlySet<Subject> = new Set(
  PROBERS.filter(({ memory }) => memory === "served").map(({ protocol }) => protocol),
);
