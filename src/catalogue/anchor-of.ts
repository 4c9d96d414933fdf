import type { Outcome } from "../outcome/outcome.ts";
import type { StatusCode } from "./status-code.ts";

/** Where the reference of codes explains this one, e.g. `hitflow-service-412`: alerts link there, so it must not change. */
export function anchorOf(thing: Pick<StatusCode, "catalogue" | "list" | "code"> | Outcome): string {
  if (typeof thing === "string") return thing.replace("/", "-");
  return `${thing.catalogue}-${thing.list}-${thing.code}`;
}
