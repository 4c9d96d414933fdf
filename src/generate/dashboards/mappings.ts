import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { documentedCodes } from "../../catalogue/documented-codes.ts";
import type { Catalogue, StatusCode } from "../../catalogue/status-code.ts";
import { FAILURES, type Outcome } from "../../outcome/outcome.ts";
import { type Area, handlingOf } from "../alerts/handling.ts";

const HEALTHY_COLOUR = "green";

/** Of Grafana's palette, dark enough for white text. */
const AREA_COLOURS = {
  connectivity: "red",
  name: "purple",
  certificate: "orange",
  content: "dark-red",
  login: "super-light-red",
  performance: "yellow",
  registry: "blue",
  server: "dark-orange",
  setup: "text",
} as const satisfies Record<Area, string>;

/** Each outcome in the colour of its area. */
export const OUTCOME_MAPPINGS: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      (["success", ...FAILURES] as const).map((outcome, index) => [
        outcome,
        { text: outcome, color: outcomeColour(outcome), index },
      ]),
    ),
  },
];

/** A documented code → number and meaning, in the colour of the first area that it concerns. */
export function codeMappings(catalogue: Catalogue, list: StatusCode["list"]): readonly ValueMapping[] {
  const codes = documentedCodes().filter((code) => code.catalogue === catalogue && code.list === list);
  const options = Object.fromEntries(
    codes.map(({ code, message, leads, isHttpStatus }, index) => {
      const color = isHttpStatus ? statusColour(code) : outcomeColour(leads[0]?.outcome ?? "success");
      return [String(code), { text: `${code} ${message}`, color, index }];
    }),
  );
  return [{ type: MappingType.ValueToText, options }, ...undocumented(catalogue, list)];
}

/** A healthy 0 outside HTTP and the other HTTP statuses, which Cloud Monitor has but does not document. */
function undocumented(catalogue: Catalogue, list: StatusCode["list"]): readonly ValueMapping[] {
  if (catalogue === "hitflow") return [];
  if (list === "http") return HTTP_CLASS_MAPPINGS;
  return [{ type: MappingType.ValueToText, options: { "0": { text: "0 Healthy", color: HEALTHY_COLOUR, index: 0 } } }];
}

/** The classes of RFC 9110 §15. */
export const HTTP_CLASS_MAPPINGS: readonly ValueMapping[] = [1, 2, 3, 4, 5].map((digit) => ({
  type: MappingType.RangeToText,
  options: {
    from: digit * 100,
    to: digit * 100 + 99,
    result: { color: statusColour(digit * 100), index: 100 + digit },
  },
}));

function statusColour(status: number): string {
  if (status < 300) return HEALTHY_COLOUR;
  return status < 400 ? AREA_COLOURS.registry : AREA_COLOURS.content;
}

function outcomeColour(outcome: Outcome): string {
  return outcome === "success" ? HEALTHY_COLOUR : AREA_COLOURS[handlingOf(outcome).area];
}
