import type { FailureOf } from "../outcome/outcome.ts";
import type { OutcomeOf, Subject } from "../outcome/reachable.ts";

/**
 * Why a rule is as it is: the vendor names the situation (`documented`), its text implies it (`inferred`), the vendor
 * has no monitor of this protocol and the list of a related one serves (`borrowed`), the text allows several readings
 * (`ambiguous`), or the code stands on another page of the vendor than its list of status codes (`elsewhere`).
 */
export type Basis = "documented" | "inferred" | "borrowed" | "ambiguous" | "elsewhere";

/** The status of the final HTTP response stands as the code; `httpStatusOr` is the code where there is no valid one. */
export interface HttpStatusOr<C extends number> {
  readonly httpStatusOr: C;
}

/** What stands for an outcome, and why. */
export type Rule<T = number | HttpStatusOr<number>> = readonly [target: T, basis: Basis];

/** Stands where the vendor's list of the subject has no code for a fault of the exporter's own: such a probe gives no series. */
export const NO_CODE = "no code";

/** Faults of the request and of the exporter itself, for which a list may have no code. */
type OwnFault = FailureOf<"request" | "deadline" | "local">;

/** The phases whose reasons a vendor may lump together, so that `resolve/*` is the rule of each that has none of its own. */
type LumpedPhase = "resolve" | "tls";

type ReasonsIn<S extends Subject, P extends LumpedPhase> = Extract<OutcomeOf<S>, `${P}/${string}`>;

type LumpedRules<S extends Subject, P extends LumpedPhase, T> = [ReasonsIn<S, P>] extends [never]
  ? unknown
  :
      | { readonly [O in ReasonsIn<S, P>]: Rule<T> }
      | ({ readonly [W in `${P}/*`]: Rule<T> } & { readonly [O in ReasonsIn<S, P>]?: Rule<T> });

/** A rule for each outcome in which a probe of the subject can end, and for no other. */
export type RulesOf<S extends Subject, T> = {
  readonly [O in Exclude<OutcomeOf<S>, `${LumpedPhase}/${string}`>]: O extends OwnFault
    ? Rule<T> | typeof NO_CODE
    : Rule<T>;
} & LumpedRules<S, "resolve", T> &
  LumpedRules<S, "tls", T>;

/** The rules of one subject: `Targets` gives for each list of the catalogue what its rules may name. */
export type SubjectRules<S extends Subject, Targets> =
  | { readonly [L in keyof Targets]: { readonly list: L; readonly rules: RulesOf<S, Targets[L]> } }[keyof Targets]
  | "no such monitor";

/** The rules of a whole catalogue: one list for each subject, or word that the vendor has nothing like it. */
export type CatalogueRules<Targets> = { readonly [S in Subject]: SubjectRules<S, Targets> };
