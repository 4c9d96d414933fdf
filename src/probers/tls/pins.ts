import type { CertificateFacts } from "../../network/certificate.ts";
import type { RegularExpression } from "../../settings/regular-expression.ts";

/** What a server's own certificate has to be; of each list one entry has to fit. Lower-case hexadecimal. */
export interface Pins {
  readonly issuer: RegularExpression | undefined;
  readonly serialNumbers: readonly string[];
  readonly fingerprints: readonly string[];
  readonly publicKeys: readonly string[];
}

/** One pin that was set: whether the certificate fits it, and what it has instead. */
export interface PinResult {
  readonly pin: "issuer" | "serial_number" | "fingerprint_sha256" | "public_key_sha256";
  readonly fits: boolean;
  readonly found: string;
}

/** Compares a certificate with the pins that are set. */
export function comparePins(leaf: CertificateFacts, pins: Pins): readonly PinResult[] {
  const { issuer } = pins;
  return [
    ...(issuer === undefined ? [] : [{ pin: "issuer", fits: issuer.test(leaf.issuer), found: leaf.issuer } as const]),
    ...compareList("serial_number", pins.serialNumbers, withoutLeadingZeros(leaf.serialNumber)),
    ...compareList("fingerprint_sha256", pins.fingerprints, leaf.fingerprintSha256),
    ...compareList("public_key_sha256", pins.publicKeys, leaf.publicKeySha256),
  ];
}

/** A number in hexadecimal in the one spelling that is compared. */
export function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+/u, "");
}

function compareList(pin: PinResult["pin"], allowed: readonly string[], found: string): readonly PinResult[] {
  return allowed.length === 0 ? [] : [{ pin, fits: allowed.includes(found), found }];
}
