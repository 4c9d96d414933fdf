import { z } from "zod";
import { type RegularExpression, regularExpression } from "../../settings/regular-expression.ts";

/** What the records of one section must be like, each written as in a zone file. */
export interface RecordChecks {
  /** No record may match any of these. */
  readonly forbidden: readonly RegularExpression[];
  /** Every record must match all of these; a section without records passes. */
  readonly requiredOfAll: readonly RegularExpression[];
  /** The same, but a section without records fails. */
  readonly required: readonly RegularExpression[];
  /** At least one record must match at least one of these. */
  readonly requiredOfAny: readonly RegularExpression[];
}

const NONE: RecordChecks = { forbidden: [], requiredOfAll: [], required: [], requiredOfAny: [] };

const patterns = z.array(regularExpression).nullish();

/**
 * One of the blocks `validate_*_rrs`. As in blackbox_exporter, `fail_if_all_match_regexp` does the opposite of what it
 * says: it fails where not all records match.
 */
export const recordChecks: z.ZodType<RecordChecks> = z
  .strictObject({
    fail_if_matches_regexp: patterns,
    fail_if_all_match_regexp: patterns,
    fail_if_not_matches_regexp: patterns,
    fail_if_none_matches_regexp: patterns,
  })
  .nullish()
  .transform(
    (raw): RecordChecks =>
      raw === null || raw === undefined
        ? NONE
        : {
            forbidden: raw.fail_if_matches_regexp ?? [],
            requiredOfAll: raw.fail_if_all_match_regexp ?? [],
            required: raw.fail_if_not_matches_regexp ?? [],
            requiredOfAny: raw.fail_if_none_matches_regexp ?? [],
          },
  );
