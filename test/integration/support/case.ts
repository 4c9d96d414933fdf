import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { MeasurementName } from "../../../src/outcome/measurement.ts";
import type { Outcome } from "../../../src/outcome/outcome.ts";
import type { Protocol } from "../../../src/outcome/protocol.ts";
import type { Settings } from "../../faults/fault.ts";
import { runProbe } from "../../support/run-probe.ts";

/** One probe of a real server, and what must come of it. */
export interface Case {
  readonly what: string;
  readonly target: string;
  readonly hostname?: string;
  /** The protocol's block. */
  readonly settings?: Settings;
  /** The module's keys beside it. */
  readonly module?: Settings;
  /** Success, unless it is said. */
  readonly outcome?: Outcome;
  /** Some of the samples; of those that differ in labels, the last. */
  readonly samples?: Readonly<Partial<Record<MeasurementName, number>>>;
  readonly labels?: Readonly<Partial<Record<MeasurementName, Readonly<Record<string, string>>>>>;
  readonly detail?: RegExp;
}

/** Runs each case as a test of its own. */
export async function runCases(
  context: TestContext,
  { protocol, cases }: { readonly protocol: Protocol; readonly cases: readonly Case[] },
): Promise<void> {
  for (const { what, outcome = "success", samples = {}, labels = {}, detail = /^/, ...order } of cases) {
    await context.test(`${protocol}: ${what}`, async () => {
      const report = await runProbe(protocol, order);

      assert.equal(report.outcome, outcome, report.detail);
      assert.match(report.detail, detail);
      const found = Object.fromEntries(report.measurements.map((one) => [one.name, one]));
      for (const [name, value] of Object.entries(samples)) assert.equal(found[name]?.value, value, name);
      for (const [name, wanted] of Object.entries(labels)) assert.deepEqual(found[name]?.labels, wanted, name);
    });
  }
}
