import type { Report } from "../outcome/report.ts";
import type { ProbeRequest } from "./runner.ts";

/** What the pool tells a thread. A configuration is YAML text, already found valid; it holds for all runs after it. */
export type ToThread =
  | { readonly kind: "configure"; readonly text: string }
  | { readonly kind: "run"; readonly id: number; readonly request: ProbeRequest }
  | { readonly kind: "cancel"; readonly id: number };

/** What a thread tells the pool: the report of a run. */
export interface FromThread {
  readonly id: number;
  readonly report: Report;
}
