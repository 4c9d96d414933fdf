import type { STATES } from "../outcome/reachable.ts";
import { EVERY_ROW } from "./every-row.ts";
import type { HitflowList } from "./hitflow/codes.ts";
import { HITFLOW_STATES } from "./hitflow/rules.ts";
import type { StatusCode } from "./status-code.ts";

type State = (typeof STATES)[number];

/** The codes of something that is declared in one of Hitflow's lists while no check of it runs; Cloud Monitor has none for that. */
export function stateCodes(list: HitflowList, state: State): readonly StatusCode[] {
  return STATE_CODES.filter((entry) => entry.list === list && entry.code === HITFLOW_STATES[state]);
}

const STATE_CODES: readonly StatusCode[] = EVERY_ROW.filter(
  ({ catalogue, code }) => catalogue === "hitflow" && code < 0,
).map(({ catalogue, list, code, message }) => ({ catalogue, list, code, message, documented: true }));
