const SPECIAL = /[\\"\n\ud800-\udfff]/;

/**
 * Text as it stands between the quotes of a label value, in both formats. Half a surrogate pair, which UTF-8 cannot
 * hold, becomes U+FFFD here, so that two values that would be sent as the same bytes are the same text already.
 */
export function escapeLabelValue(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
