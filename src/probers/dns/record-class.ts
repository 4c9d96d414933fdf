const NUMBERS = { IN: 1, CS: 2, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const;

const BY_NAME: ReadonlyMap<string, number> = new Map(Object.entries(NUMBERS));
/** Without `ANY`, which would be taken for the type of that name. */
const BY_NUMBER: ReadonlyMap<number, string> = new Map(
  Object.entries(NUMBERS).flatMap(([name, number]) => (name === "ANY" ? [] : [[number, name] as const])),
);

export const RECORD_CLASS_NAMES: readonly string[] = Object.keys(NUMBERS);

/** The number of a class, from its name in upper case, or as RFC 3597 §5 writes any class (`CLASS32`). */
export function recordClassNumber(name: string): number | undefined {
  const number = /^CLASS(?<number>\d{1,5})$/u.exec(name)?.groups?.["number"];
  if (number === undefined) return BY_NAME.get(name);
  return Number(number) <= 65_535 ? Number(number) : undefined;
}

/** The name of a class; `CLASS32` where it has none. */
export function recordClassName(number: number): string {
  return BY_NUMBER.get(number) ?? `CLASS${number}`;
}
