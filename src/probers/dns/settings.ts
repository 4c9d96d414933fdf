import { z } from "zod";
import type { TlsSettings } from "../../network/tls-settings.ts";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { integer } from "../../settings/numbers.ts";
import { text } from "../../settings/text.ts";
import { readTls, tlsShape } from "../../settings/tls-shape.ts";
import { yamlBoolean } from "../../settings/yaml-boolean.ts";
import type { Section } from "./message.ts";
import { readQueryName } from "./query-name.ts";
import { type RecordChecks, recordChecks } from "./record-checks.ts";
import { RECORD_CLASS_NAMES, recordClassNumber } from "./record-class.ts";
import { recordTypeNumber } from "./record-type.ts";
import { RESPONSE_CODE_NAMES, responseCodeNumber } from "./response-code.ts";

/** How a query travels. */
export type Transport = "udp" | "tcp" | "tls" | "https";

/** How the values of an answer must relate to the expected ones. */
const RELATIONS = ["contains", "within", "equal", "any"] as const;
export type Relation = (typeof RELATIONS)[number];

/** A module's `dns` block, decoded. */
export interface DnsSettings {
  readonly family: AddressFamily;
  readonly transport: Transport;
  readonly tls: TlsSettings;
  /** Where to ask over HTTPS if the target does not say. */
  readonly httpsPath: string;
  /** Whether an answer that was cut off is asked for again over TCP. */
  readonly retryOverTcp: boolean;
  /** With its final dot; undefined where the scrape gives it. */
  readonly queryName: string | undefined;
  readonly query: QuerySettings;
  readonly checks: ReplyChecks;
}

/** What a query says beside its name. */
export interface QuerySettings {
  readonly type: number;
  readonly class: number;
  readonly recursionDesired: boolean;
  /** Whether to ask for the AD flag. */
  readonly authenticatedData: boolean;
  /** Undefined for a query without EDNS (RFC 6891). */
  readonly edns: { readonly udpPayloadSize: number; readonly dnssecOk: boolean } | undefined;
}

/** What a reply must be like. */
export interface ReplyChecks {
  /** By number; none is valid where the list is empty. */
  readonly responseCodes: readonly number[];
  readonly answer: "required" | "optional";
  readonly authenticatedData: "required" | "optional";
  readonly records: Readonly<Record<Section, RecordChecks>>;
  readonly expected: { readonly values: readonly string[]; readonly relation: Relation } | undefined;
}

const queryName = text.transform((written, context): string | undefined => {
  if (written === "") return undefined;
  const name = readQueryName(written);
  if (name !== undefined) return name;
  context.addIssue({ code: "custom", message: 'expected a domain name such as "example.com"' });
  return z.NEVER;
});

const queryType = text.transform((name, context): number => {
  const number = recordTypeNumber(name === "" ? "ANY" : name);
  if (number !== undefined) return number;
  context.addIssue({
    code: "custom",
    message: 'expected a type of record in upper case such as "AAAA", or by its number as in "TYPE65280"',
  });
  return z.NEVER;
});

const queryClass = text.transform((name, context): number => {
  const number = recordClassNumber(name === "" ? "IN" : name);
  if (number !== undefined) return number;
  context.addIssue({ code: "custom", message: `expected one of ${RECORD_CLASS_NAMES.join(", ")}` });
  return z.NEVER;
});

const responseCode = text.transform((name, context): number => {
  const number = responseCodeNumber(name);
  if (number !== undefined) return number;
  context.addIssue({ code: "custom", message: `expected one of ${RESPONSE_CODE_NAMES.join(", ")}` });
  return z.NEVER;
});

/** RFC 6891 §6.2.3 and §6.2.5; 1232 fits into any path of IPv6 without fragments. */
const LEAST_PAYLOAD_BYTES = 512;
const MOST_PAYLOAD_BYTES = 65_535;
const DEFAULT_PAYLOAD_BYTES = 1232;

const edns = z
  .strictObject({
    udp_payload_size: integer
      .refine(
        (size) => size >= LEAST_PAYLOAD_BYTES && size <= MOST_PAYLOAD_BYTES,
        `expected ${LEAST_PAYLOAD_BYTES} to ${MOST_PAYLOAD_BYTES}`,
      )
      .optional(),
    dnssec_ok: yamlBoolean.optional(),
  })
  .transform((raw) => ({
    udpPayloadSize: raw.udp_payload_size ?? DEFAULT_PAYLOAD_BYTES,
    dnssecOk: raw.dnssec_ok ?? false,
  }));

const httpsPath = text.refine(
  (path) => /^\/[!-~]*$/u.test(path),
  'expected a path that starts with a slash, such as "/dns-query"',
);

const raw = z.strictObject({
  ...addressFamilyShape,
  transport_protocol: z.enum(["", "udp", "tcp"], { error: 'expected "udp" or "tcp"' }).optional(),
  dns_over_tls: yamlBoolean.optional(),
  dns_over_https: yamlBoolean.optional(),
  dns_over_https_path: httpsPath.optional(),
  ...tlsShape,
  retry_over_tcp: yamlBoolean.optional(),
  query_name: queryName.optional(),
  query_type: queryType.optional(),
  query_class: queryClass.optional(),
  recursion_desired: yamlBoolean.optional(),
  edns: edns.nullish(),
  valid_rcodes: z.array(responseCode).nullish(),
  validate_answer_rrs: recordChecks,
  validate_authority_rrs: recordChecks,
  validate_additional_rrs: recordChecks,
  require_answer: yamlBoolean.optional(),
  require_authenticated_data: yamlBoolean.optional(),
  expected_values: z.array(text).min(1, "expected at least one value").nullish(),
  match: z.enum(RELATIONS, { error: `expected one of ${RELATIONS.join(", ")}` }).optional(),
});

type Raw = z.output<typeof raw>;

/** Reads the `dns` block of a module. */
export const dnsSettings: z.ZodType<DnsSettings> = raw.transform((given, context): DnsSettings => {
  for (const message of problemsOf(given)) context.addIssue({ code: "custom", message });
  return {
    family: readAddressFamily(given),
    transport: transportOf(given),
    tls: readTls(given),
    httpsPath: given.dns_over_https_path ?? "/dns-query",
    retryOverTcp: given.retry_over_tcp ?? true,
    queryName: given.query_name,
    query: queryOf(given),
    checks: checksOf(given),
  };
});

function problemsOf(given: Raw): readonly string[] {
  const overTls = given.dns_over_tls ?? false;
  const overHttps = given.dns_over_https ?? false;
  return [
    ...(overTls && overHttps ? ["dns_over_tls and dns_over_https are mutually exclusive"] : []),
    ...((overTls || overHttps) && given.transport_protocol === "udp"
      ? [`${overTls ? "dns_over_tls" : "dns_over_https"} needs "transport_protocol: tcp", or none`]
      : []),
    ...(given.dns_over_https_path !== undefined && !overHttps ? ["dns_over_https_path needs dns_over_https"] : []),
    ...(given.match !== undefined && !given.expected_values ? ["match needs expected_values"] : []),
  ];
}

function transportOf(given: Raw): Transport {
  if (given.dns_over_https ?? false) return "https";
  if (given.dns_over_tls ?? false) return "tls";
  return given.transport_protocol === "tcp" ? "tcp" : "udp";
}

function queryOf(given: Raw): QuerySettings {
  return {
    type: given.query_type ?? ANY_TYPE,
    class: given.query_class ?? IN_CLASS,
    recursionDesired: given.recursion_desired ?? true,
    authenticatedData: given.require_authenticated_data ?? false,
    edns: given.edns ?? undefined,
  };
}

const ANY_TYPE = 255;
const IN_CLASS = 1;
const NO_ERROR = 0;

function checksOf(given: Raw): ReplyChecks {
  return {
    responseCodes: given.valid_rcodes ?? [NO_ERROR],
    answer: (given.require_answer ?? false) ? "required" : "optional",
    authenticatedData: (given.require_authenticated_data ?? false) ? "required" : "optional",
    records: {
      answer: given.validate_answer_rrs,
      authority: given.validate_authority_rrs,
      additional: given.validate_additional_rrs,
    },
    expected: given.expected_values
      ? { values: given.expected_values, relation: given.match ?? "contains" }
      : undefined,
  };
}
