/** IANA's registry "DNS RCODEs"; 16 has two names, the first of which is what it means in an answer with EDNS. */
const CODES = [
  ["NOERROR", 0],
  ["FORMERR", 1],
  ["SERVFAIL", 2],
  ["NXDOMAIN", 3],
  ["NOTIMP", 4],
  ["REFUSED", 5],
  ["YXDOMAIN", 6],
  ["YXRRSET", 7],
  ["NXRRSET", 8],
  ["NOTAUTH", 9],
  ["NOTZONE", 10],
  ["DSOTYPENI", 11],
  ["BADVERS", 16],
  ["BADSIG", 16],
  ["BADKEY", 17],
  ["BADTIME", 18],
  ["BADMODE", 19],
  ["BADNAME", 20],
  ["BADALG", 21],
  ["BADTRUNC", 22],
  ["BADCOOKIE", 23],
] as const;

const BY_NAME: ReadonlyMap<string, number> = new Map(CODES);

export const RESPONSE_CODE_NAMES: readonly string[] = CODES.map(([name]) => name);

/** The number of a response code, from its name in upper case. */
export function responseCodeNumber(name: string): number | undefined {
  return BY_NAME.get(name);
}

/** The name of a response code; `RCODE12` where it has none. */
export function responseCodeName(number: number): string {
  return CODES.find(([, code]) => code === number)?.[0] ?? `RCODE${number}`;
}
