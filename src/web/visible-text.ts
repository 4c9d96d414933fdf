/**
 * Text from outside on one line, as a person can read it: control and formatting characters, which a terminal or a
 * browser would act on, become the replacement character.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");
}
