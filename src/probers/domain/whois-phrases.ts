const NOT_FOUND = [
  /\bno match(?:es|ing)?\b/iu,
  /\bnot found\b/iu,
  /\bno data (?:was )?found\b/iu,
  /\bno entries found\b/iu,
  /\bnothing found\b/iu,
  /\bno (?:such )?object found\b/iu,
  /\bno such domain\b/iu,
  /\b(?:object|domain) does not exist\b/iu,
  /\bis free\b/iu,
  /\b(?:is )?(?:not|has not been) registered\b/iu,
  /^the requested domain was not found\b/iu,
  /^above domain name is not registered\b/iu,
  /\b(?:is )?available for registration\b/iu,
  /\bquery returned 0 objects\b/iu,
  /\bdomain name not known\b/iu,
  /^\s*(?:domain )?status\s*:\s*(?:free|available)\s*$/imu,
  /^\s*query_status\s*:\s*220 available\s*$/imu,
  /\bno information available\b/iu,
  /\bnicht gefunden\b/iu,
  /\bno se encuentra registrado\b/iu,
] as const;

const TOO_MANY = [
  /\b(?:limit|quota) exceeded\b/iu,
  /\bexceeded (?:your|the|this) (?:query |lookup )?(?:limit|quota)\b/iu,
  /\bserver (?:is )?too busy\b/iu,
  /\bmaximum query rate reached\b/iu,
  /\bdue to query limit controls\b/iu,
  /\btoo many (?:queries|requests|connections)\b/iu,
  /\bblacklisted\b/iu,
] as const;

const REFUSED = [
  /\brequests of this client are not permitted\b/iu,
  /\baccess (?:is )?(?:denied|not allowed|restricted)\b/iu,
  /\bnot authori[sz]ed\b/iu,
  /\b(?:service|server) (?:is )?(?:no longer|not) available\b/iu,
] as const;

/** Refusals are short; the word "blacklisted" in terms of use that go on for pages is none. */
const LONGEST_REFUSAL = 2000;

/** Why an answer holds no record, as far as its words tell. Only for answers in which no record was found. */
export function readWhoisRefusal(
  text: string,
  { name }: { readonly name: string },
): "not-found" | "too-many" | "refused" | undefined {
  const isShort = text.length < LONGEST_REFUSAL;
  if (isShort && TOO_MANY.some((phrase) => phrase.test(text))) return "too-many";
  if (isShort && REFUSED.some((phrase) => phrase.test(text))) return "refused";
  return statements(text).some((line) => saysNotFound(line, name)) ? "not-found" : undefined;
}

/** Each line before the one that ends an answer, without the marks of a comment: some registries speak in comments. */
function statements(text: string): readonly string[] {
  const [answer = ""] = text.split(/^[ \t]*>>>/mu, 1);
  return answer.split(/[\r\n]+/u).map((line) => line.replace(/^[%#*>\s]+/u, "").trim());
}

/** Terms of use hold the same words in the middle of a sentence: a statement begins or ends with them, or has the name. */
function saysNotFound(line: string, name: string): boolean {
  if (line.length > LONGEST_STATEMENT) return false;
  return NOT_FOUND.some((phrase) => {
    const found = phrase.exec(line);
    if (found === null) return false;
    if (line.toLowerCase().includes(name)) return true;
    const before = line.slice(0, found.index).trim();
    const after = line.slice(found.index + found[0].length);
    return before === "" || (/^[\s.!:"')]*$/u.test(after) && isShortStart(before));
  });
}

const LONGEST_STATEMENT = 200;

/** "Domain", "ERROR:101:", "The queried object": not the end of a sentence that began a line earlier. */
function isShortStart(text: string): boolean {
  return text.split(/\s+/u).length <= 4 && !/\b(?:if|whether|when|that|which|may|might)\b/iu.test(text);
}
