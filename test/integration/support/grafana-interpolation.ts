import type { DashboardVariable } from "./grafana-dashboard.ts";

/** What is chosen of a variable: everything, or these values. */
export type Choice = "All" | readonly string[];

/** What Grafana puts in for its own variables; durations as PromQL writes them. */
export interface Span {
  readonly rateInterval: string;
  readonly range: string;
}

/** A variable with what is chosen of it. */
export interface Chosen {
  readonly variable: DashboardVariable;
  readonly choice: Choice;
}

/**
 * A query as Grafana sends it to Prometheus. "All" becomes the variable's own value for it. Values of a variable of
 * which several can be chosen have the signs of expressions escaped; any other value stands as it is, escaped for a
 * string of PromQL alone. An explicit format wins over that. A variable that is not known throws.
 */
export function interpolate(
  expression: string,
  { span, chosen }: { readonly span: Span; readonly chosen: readonly Chosen[] },
): string {
  return expression.replaceAll(/\$(?:(\w+)|\{(\w+)(?::(\w+))?\})/g, (_, bare = "", braced = "", format = "") => {
    const name = `${bare}${braced}`;
    if (name === "__rate_interval") return span.rateInterval;
    if (name === "__range") return span.range;
    const found = chosen.find(({ variable }) => variable.name === name);
    if (found === undefined) throw new Error(`Cannot replace $${name} in ${expression}: there is no such variable`);
    return valueOf(found, `${format}`);
  });
}

function valueOf({ variable, choice }: Chosen, format: string): string {
  if (choice === "All") {
    if (variable.allValue === undefined) throw new Error(`Cannot choose all of $${variable.name}`);
    return variable.allValue;
  }
  if (format === "regex") return alternatives(choice.map((value) => value.replaceAll(SIGNS, String.raw`\$&`)));
  if (format === "raw") return choice.join();
  if (format !== "") throw new Error(`Cannot replace $${variable.name}: the format ${format} is not known here`);
  if (!variable.multi && variable.allValue === undefined) return choice.map(stringEscaped).join();
  return alternatives(choice.map((value) => stringEscaped(value.replaceAll(SIGNS, String.raw`\$&`))));
}

const SIGNS = /[\\^$*+?.()|[\]{}]/g;

function alternatives(values: readonly string[]): string {
  return values.length === 1 ? values.join() : `(${values.join("|")})`;
}

function stringEscaped(value: string): string {
  return value.replaceAll("\\", String.raw`\\`).replaceAll('"', String.raw`\"`);
}
