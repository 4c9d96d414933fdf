import { type DocumentedCode, documentedCodes } from "../../catalogue/documented-codes.ts";
import { type AppliedRule, EVERY_RULE } from "../../catalogue/every-rule.ts";
import type { Catalogue } from "../../catalogue/status-code.ts";
import type { Outcome } from "../../outcome/outcome.ts";
import { type Handling, handlingOf } from "./handling.ts";

/** A documented code with those of its outcomes that are handled alike: one alerting rule. */
export interface CodeAlert {
  readonly code: DocumentedCode;
  readonly handling: Handling;
  /** At least one. */
  readonly outcomes: readonly Outcome[];
}

/**
 * What to alert on, code by code in the vendor's order. A code that lumps causes which concern different people appears
 * once for each of them; one that only a passed check leads to does not appear.
 */
export function codeAlerts(catalogue: Catalogue): readonly CodeAlert[] {
  return documentedCodes()
    .filter((code) => code.catalogue === catalogue)
    .flatMap((code) => {
      const alike = Map.groupBy(failuresOf(code), (outcome) => Object.values(handlingOf(outcome)).join(" "));
      return [...alike.values()].map((outcomes) => ({ code, handling: handlingOfAll(outcomes), outcomes }));
    });
}

/**
 * A status that stands as the code is no failure where the module accepts it, however slowly it came. Where a status
 * should stand but none is known, the rule's other code stands.
 */
function failuresOf(code: DocumentedCode): readonly Outcome[] {
  const outcomes = new Set([...code.leads, ...withoutStatus(code)].map(({ outcome }) => outcome));
  outcomes.delete("success");
  if (code.isHttpStatus) outcomes.delete("timing/too-slow");
  return [...outcomes];
}

function withoutStatus({ catalogue, list, code }: DocumentedCode): readonly AppliedRule[] {
  return EVERY_RULE.filter((rule) => rule.catalogue === catalogue && rule.list === list).filter(
    ({ target }) => typeof target === "object" && target.httpStatusOr === code,
  );
}

function handlingOfAll([first = "success"]: readonly Outcome[]): Handling {
  return handlingOf(first);
}
