/**
 * The port in a reply to EPSV, e.g. `Entering Extended Passive Mode (|||6446|)`: between delimiters of the server's
 * choice, of which three stand before it and one after (RFC 2428 §3). Undefined where there is none from 1 to 65535.
 */
export function parseExtendedPassive(text: string): number | undefined {
  const port = /([!-/:-~])\1\1(?<port>\d{1,5})\1/u.exec(text)?.groups?.["port"];
  return portOf(Number(port));
}

/** Where a reply to PASV points. */
export interface PassivePlace {
  readonly ip: string;
  readonly port: number;
}

/**
 * The place in a reply to PASV, e.g. `Entering Passive Mode (192,168,1,100,10,229)`: six bytes, wherever they stand in
 * the text (RFC 1123 §4.1.2.6). Undefined where there is none with a port from 1 to 65535.
 */
export function parsePassive(text: string): PassivePlace | undefined {
  const bytes = (SIX_NUMBERS.exec(text) ?? []).slice(1).map(Number);
  const port = portOf((bytes[4] ?? Number.NaN) * 256 + (bytes[5] ?? Number.NaN));
  if (port === undefined || bytes.some((byte) => byte > 255)) return undefined;
  return { ip: bytes.slice(0, 4).join("."), port };
}

const SIX_NUMBERS = /(?<!\d)(\d{1,3}),[ ]*(\d{1,3}),[ ]*(\d{1,3}),[ ]*(\d{1,3}),[ ]*(\d{1,3}),[ ]*(\d{1,3})(?!\d)/u;

function portOf(number: number): number | undefined {
  return number >= 1 && number <= 65_535 ? number : undefined;
}
