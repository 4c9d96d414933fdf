import type { Captures } from "../settings/regular-expression.ts";

/**
 * A template with the groups of a match put in, as Go's Regexp.Expand does it: `$1`, `${1}`, `$name`, `${name}`; the
 * longest name counts, a group that does not exist or took no part is empty, `$$` is a dollar sign.
 */
export function expandTemplate(template: string, captures: Captures): string {
  return template.replaceAll(REFERENCE, (_, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    return name === undefined ? "$" : groupOf(captures, name);
  });
}

/** A dollar sign that starts none of these stands for itself. */
const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** A number without leading zeros counts groups, and 0 is the whole match; anything else is a name. */
function groupOf(captures: Captures, name: string): string {
  if (name === "0") return captures.all;
  if (/^[1-9]\d*$/u.test(name)) return captures.numbered[Number(name) - 1] ?? "";
  return (Object.hasOwn(captures.named, name) ? captures.named[name] : undefined) ?? "";
}
