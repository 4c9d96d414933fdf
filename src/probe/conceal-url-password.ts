/**
 * The text with the password of any URL's userinfo replaced, e.g. `https://user:xxxxx@host/`; also at its beginning
 * without a scheme, as some write targets.
 */
export function concealUrlPassword(text: string): string {
  return text.includes("@") ? text.replace(/((?:^|\/\/)[^/?#\s:@]*):[^/?#\s]*@/g, "$1:xxxxx@") : text;
}
