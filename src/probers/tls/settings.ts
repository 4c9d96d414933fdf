import { z } from "zod";
import { CERTIFICATE_PROBLEMS, type CertificateProblem } from "../../network/certificate-finding.ts";
import type { TlsSettings } from "../../network/tls-settings.ts";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { HEADER_VALUE } from "../../settings/header-syntax.ts";
import { decimal, integer } from "../../settings/numbers.ts";
import { regularExpression } from "../../settings/regular-expression.ts";
import { type Secret, secret } from "../../settings/secret.ts";
import { text } from "../../settings/text.ts";
import { readTls, tlsShape } from "../../settings/tls-shape.ts";
import { yamlBoolean } from "../../settings/yaml-boolean.ts";
import { type Pins, withoutLeadingZeros } from "./pins.ts";
import { STARTTLS_PORTS, type StartTlsProtocol } from "./start-tls/protocol.ts";
import { VERSION_SETTINGS } from "./version-settings.ts";

/** A module's `tls` block, decoded. */
export interface ProberSettings {
  readonly family: AddressFamily;
  readonly tlsSettings: TlsSettings;
  readonly startTls: StartTlsProtocol | undefined;
  /** The problems that fail the probe. */
  readonly failOn: ReadonlySet<CertificateProblem>;
  /** Fewer days left are told by a metric. */
  readonly leastDaysLeft: number | undefined;
  readonly pins: Pins;
  readonly page: PageSettings | undefined;
  /** The versions of TLS to try, each with the settings for it alone; empty to try none. */
  readonly versionScan: readonly VersionTrial[];
  /** Whether to compare the certificates with the TLSA records of the target's name. */
  readonly checkTlsa: boolean;
  /** Folders with the files that may be read. */
  readonly folders: readonly string[];
  /** Of PKCS#12 stores. */
  readonly filePassword: Secret | undefined;
}

interface VersionTrial {
  readonly version: (typeof VERSION_SETTINGS)[number]["version"];
  readonly tlsSettings: TlsSettings;
}

/** A page to ask for once the channel stands. */
export interface PageSettings {
  readonly method: "GET" | "HEAD";
  /** Instead of the target's. */
  readonly path: string | undefined;
  /** The value of the header of that name. */
  readonly authorization: Secret | undefined;
  /** Empty for 2xx. */
  readonly statusCodes: readonly number[];
  readonly mostRedirects: number;
}

const SHA256_BYTES = 32;

/** SHA-256 as openssl and browsers show it: hexadecimal with or without colons, or Base64 as in RFC 7469. */
const sha256 = text.transform((value, context): string => {
  const digits = value.replaceAll(":", "").toLowerCase();
  if (/^[0-9a-f]{64}$/u.test(digits)) return digits;
  const bytes = Buffer.from(value, "base64");
  if (bytes.length === SHA256_BYTES && /^[A-Za-z0-9+/]{43}=?$/u.test(value)) return bytes.toString("hex");
  context.addIssue({ code: "custom", message: "expected a SHA-256 in hexadecimal or Base64" });
  return z.NEVER;
});

const serialNumber = text.transform((value, context): string => {
  const digits = value.replaceAll(":", "").toLowerCase();
  if (/^[0-9a-f]+$/u.test(digits)) return withoutLeadingZeros(digits);
  context.addIssue({ code: "custom", message: "expected a serial number in hexadecimal" });
  return z.NEVER;
});

const path = text.refine((value) => /^\/[!-~]*$/u.test(value), 'expected a path such as "/", without spaces');

const pinsBlock = z.strictObject({
  issuer: regularExpression.optional(),
  serial_numbers: z.array(serialNumber).nullish(),
  fingerprints_sha256: z.array(sha256).nullish(),
  public_keys_sha256: z.array(sha256).nullish(),
});

const pageBlock = z.strictObject({
  method: z.enum(["GET", "HEAD"]).optional(),
  path: path.optional(),
  authorization: secret
    .refine((value) => HEADER_VALUE.test(value.reveal()), "expected a value that a header can hold")
    .optional(),
  valid_status_codes: z.array(integer).nullish(),
  max_redirects: integer.refine((value) => value >= 0 && value <= 50, "expected a number from 0 to 50").optional(),
});

/** Reads the `tls` block of a module. */
export const proberSettings: z.ZodType<ProberSettings> = z
  .strictObject({
    ...addressFamilyShape,
    ...tlsShape,
    starttls: z.enum(protocolNames()).optional(),
    fail_on: z.array(z.enum(CERTIFICATE_PROBLEMS)).nullish(),
    min_days_left: decimal.refine((value) => value >= 0, "expected a number that is not negative").optional(),
    pins: pinsBlock.nullish(),
    http_request: pageBlock.nullish(),
    scan_versions: yamlBoolean.optional(),
    check_tlsa: yamlBoolean.optional(),
    file_password: secret.optional(),
    file_folders: z.array(text.refine((value) => value.startsWith("/"), "expected an absolute path")).nullish(),
  })
  .transform((raw): ProberSettings => {
    const tlsSettings = readTls(raw);
    const usual = tlsSettings.insecureSkipVerify ? [] : REFUSED_BY_CLIENTS;
    return {
      family: readAddressFamily(raw),
      tlsSettings,
      startTls: raw.starttls,
      failOn: new Set(raw.fail_on ?? usual),
      leastDaysLeft: raw.min_days_left,
      pins: readPins(raw.pins),
      page: readPage(raw.http_request),
      // Made once: what is read for a handshake is remembered by its settings.
      versionScan: raw.scan_versions === true ? VERSION_SETTINGS.map((trial) => trialOf(trial, tlsSettings)) : [],
      checkTlsa: raw.check_tlsa ?? false,
      folders: raw.file_folders ?? [],
      filePassword: raw.file_password,
    };
  });

/** What every client that verifies refuses; revocation, of which not all learn, among it. */
const REFUSED_BY_CLIENTS: readonly CertificateProblem[] = [
  "expired",
  "not_yet_valid",
  "name_mismatch",
  "unknown_authority",
  "revoked",
  "invalid",
];

function trialOf({ version, range }: (typeof VERSION_SETTINGS)[number], tlsSettings: TlsSettings): VersionTrial {
  return { version, tlsSettings: { ...tlsSettings, ...range } };
}

function protocolNames(): readonly StartTlsProtocol[] {
  return Object.keys(STARTTLS_PORTS).filter((name): name is StartTlsProtocol => name in STARTTLS_PORTS);
}

function readPins(raw: z.output<typeof pinsBlock> | null | undefined): Pins {
  return {
    issuer: raw?.issuer,
    serialNumbers: raw?.serial_numbers ?? [],
    fingerprints: raw?.fingerprints_sha256 ?? [],
    publicKeys: raw?.public_keys_sha256 ?? [],
  };
}

function readPage(raw: z.output<typeof pageBlock> | null | undefined): PageSettings | undefined {
  if (raw === null || raw === undefined) return undefined;
  return {
    method: raw.method ?? "GET",
    path: raw.path,
    authorization: raw.authorization,
    statusCodes: raw.valid_status_codes ?? [],
    mostRedirects: raw.max_redirects ?? 10,
  };
}
