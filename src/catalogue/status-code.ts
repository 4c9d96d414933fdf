import type { CloudMonitorList } from "./cloudmonitor/codes.ts";
import type { HitflowList } from "./hitflow/codes.ts";

/** The vendors whose public lists of status codes are served, in the order in which they are shown. */
export const CATALOGUES = ["cloudmonitor", "hitflow"] as const;

export type Catalogue = (typeof CATALOGUES)[number];

/** The vendors' names as a person reads them. */
export const CATALOGUE_NAMES = {
  cloudmonitor: "Cloud Monitor",
  hitflow: "Hitflow",
} as const satisfies Record<Catalogue, string>;

/** A code as it is served. Its identity is catalogue, list and code: a number alone means different things in different lists. */
export interface StatusCode {
  readonly catalogue: Catalogue;
  readonly list: CloudMonitorList | HitflowList;
  readonly code: number;
  readonly message: string;
  /** Whether the code is a row of the vendor's documentation; false for a healthy 0 of Cloud Monitor and for other HTTP statuses. */
  readonly documented: boolean;
}
