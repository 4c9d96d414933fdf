import { z } from "zod";

/** A boolean in any spelling of YAML 1.1 (`yes`, `Off`, `y` …), which existing files use; YAML 1.2 has only true and false. */
export const yamlBoolean = z.unknown().transform((value, context): boolean => {
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && TRUE.test(value)) return true;
  if (typeof value === "string" && FALSE.test(value)) return false;
  context.addIssue({ code: "custom", message: "expected true or false" });
  return z.NEVER;
});

/** https://yaml.org/type/bool.html: lower case, Capitalised or UPPER CASE, nothing in between. */
const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/u;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/u;
