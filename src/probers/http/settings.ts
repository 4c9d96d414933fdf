import { z } from "zod";
import type { TlsSettings } from "../../network/tls-settings.ts";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { byteSize } from "../../settings/byte-size.ts";
import { HEADER_NAME, HEADER_VALUE } from "../../settings/header-syntax.ts";
import { type HttpClientSettings, readHttpClient } from "../../settings/http-client.ts";
import { httpClientShape } from "../../settings/http-client-shape.ts";
import { integer } from "../../settings/numbers.ts";
import { type RegularExpression, regularExpression } from "../../settings/regular-expression.ts";
import { text } from "../../settings/text.ts";
import { yamlBoolean } from "../../settings/yaml-boolean.ts";
import { admitsCompression } from "./accept-encoding.ts";
import { type CelExpression, CelSyntaxError, compileCel } from "./cel.ts";
import { type ProxyChoice, proxyChoice } from "./proxy-choice.ts";
import { type RequestTemplate, requestTemplate } from "./request.ts";
import { TokenCache } from "./token-cache.ts";

const COMPRESSIONS = ["", "identity", "gzip", "br", "deflate", "zstd"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** A module's `http` block, decoded; everything that can be compiled is. */
export interface HttpSettings {
  readonly family: AddressFamily;
  readonly request: RequestTemplate;
  readonly body: Uint8Array | undefined;
  readonly bodyFile: string | undefined;
  readonly compression: Compression;
  /** Of the decoded body; undefined for no limit. */
  readonly bodySizeLimitBytes: number | undefined;
  readonly maxRedirects: number;
  readonly skipResolvePhaseWithProxy: boolean;
  readonly client: HttpClientSettings;
  /** The client's TLS settings for other hosts than the target's: without its server name. */
  readonly tlsElsewhere: TlsSettings;
  readonly proxy: ProxyChoice;
  readonly tokens: TokenCache;
  readonly checks: HttpChecks;
  /** Whether any check looks at the body, so that it has to be kept. */
  readonly looksAtBody: boolean;
}

/** What a response must be like. */
export interface HttpChecks {
  /** Empty for any 2xx. */
  readonly statusCodes: readonly number[];
  /** As in a status line, e.g. `HTTP/1.1`; empty for any. */
  readonly versions: readonly string[];
  readonly tls: "any" | "required" | "forbidden" | "impossible";
  readonly headers: { readonly forbidden: readonly HeaderMatcher[]; readonly required: readonly HeaderMatcher[] };
  readonly patterns: {
    readonly forbidden: readonly RegularExpression[];
    readonly required: readonly RegularExpression[];
  };
  readonly words: { readonly forbidden: readonly string[]; readonly required: readonly string[] };
  readonly cel: { readonly forbidden: CelExpression | undefined; readonly required: CelExpression | undefined };
}

export interface HeaderMatcher {
  readonly name: string;
  readonly pattern: RegularExpression;
  readonly allowMissing: boolean;
}

const headerMatcher = z
  .strictObject({
    header: text.optional(),
    regexp: regularExpression.optional(),
    allow_missing: yamlBoolean.optional(),
  })
  .transform((raw, context): HeaderMatcher => {
    if (raw.header === undefined || raw.header === "") {
      context.addIssue({ code: "custom", path: ["header"], message: "expected the name of a header" });
      return z.NEVER;
    }
    if (raw.regexp === undefined || raw.regexp.source === "") {
      context.addIssue({ code: "custom", path: ["regexp"], message: "expected a regular expression" });
      return z.NEVER;
    }
    return { name: raw.header.toLowerCase(), pattern: raw.regexp, allowMissing: raw.allow_missing ?? false };
  });

const celExpression = text.transform((source, context): CelExpression => {
  try {
    return compileCel(source);
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error;
    context.addIssue({ code: "custom", message: `expected a CEL expression (${error.message})` });
    return z.NEVER;
  }
});

const word = text.refine((value) => value !== "", "expected a word, found nothing");

const method = text.refine((value) => value === "" || HEADER_NAME.test(value), "expected a method such as GET or POST");

const compression = text
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(COMPRESSIONS, "expected gzip, br, deflate, zstd or identity"));

const raw = z.strictObject({
  ...addressFamilyShape,
  ...httpClientShape,
  valid_status_codes: z.array(integer).nullish(),
  valid_http_versions: z.array(text).nullish(),
  enable_http3: yamlBoolean.optional(),
  method: method.optional(),
  headers: z.record(z.string(), text).nullish(),
  fail_if_ssl: yamlBoolean.optional(),
  fail_if_not_ssl: yamlBoolean.optional(),
  fail_if_body_matches_regexp: z.array(regularExpression).nullish(),
  fail_if_body_not_matches_regexp: z.array(regularExpression).nullish(),
  fail_if_body_json_matches_cel: celExpression.optional(),
  fail_if_body_json_not_matches_cel: celExpression.optional(),
  fail_if_header_matches: z.array(headerMatcher).nullish(),
  fail_if_header_not_matches: z.array(headerMatcher).nullish(),
  required_words: z.array(word).nullish(),
  forbidden_words: z.array(word).nullish(),
  body: text.optional(),
  body_file: text.optional(),
  compression: compression.optional(),
  body_size_limit: byteSize.optional(),
  max_redirects: integer.refine((value) => value >= 0 && value <= 50, "expected 0 to 50").optional(),
  skip_resolve_phase_with_proxy: yamlBoolean.optional(),
  no_follow_redirects: yamlBoolean.optional(),
});

type Raw = z.output<typeof raw>;

/** Reads the `http` block of a module. */
export const httpSettings: z.ZodType<HttpSettings> = raw.transform((given, context): HttpSettings => {
  for (const { path, message } of problemsOf(given)) context.addIssue({ code: "custom", path: [...path], message });
  const client = readHttpClient(given, { context });
  const checks = checksOf(given);
  return {
    family: readAddressFamily(given),
    request: requestTemplate({
      method: given.method === undefined || given.method === "" ? "GET" : given.method,
      headers: Object.entries(given.headers ?? {}),
      extra: client.headers,
      compression: given.compression ?? "",
    }),
    body: given.body === undefined || given.body === "" ? undefined : Buffer.from(given.body),
    bodyFile: given.body_file === "" ? undefined : given.body_file,
    compression: given.compression ?? "",
    bodySizeLimitBytes: given.body_size_limit === 0 ? undefined : given.body_size_limit,
    maxRedirects: given.max_redirects ?? UPSTREAMS_LIMIT,
    skipResolvePhaseWithProxy: given.skip_resolve_phase_with_proxy ?? false,
    client:
      given.no_follow_redirects === undefined ? client : { ...client, followRedirects: !given.no_follow_redirects },
    tlsElsewhere: client.tls.serverName === undefined ? client.tls : { ...client.tls, serverName: undefined },
    proxy: proxyChoice(client.proxy),
    tokens: new TokenCache(),
    checks,
    looksAtBody: looksAtBody(checks),
  };
});

function looksAtBody({ patterns, words, cel }: HttpChecks): boolean {
  return (
    [patterns.forbidden, patterns.required, words.forbidden, words.required].some((list) => list.length > 0) ||
    cel.forbidden !== undefined ||
    cel.required !== undefined
  );
}

/** blackbox_exporter follows ten redirects; the eleventh fails. */
const UPSTREAMS_LIMIT = 10;

function checksOf(given: Raw): HttpChecks {
  return {
    statusCodes: given.valid_status_codes ?? [],
    versions: (given.valid_http_versions ?? []).map((version) => (version === "HTTP/2" ? "HTTP/2.0" : version)),
    tls: tlsCheck(given),
    headers: { forbidden: given.fail_if_header_matches ?? [], required: given.fail_if_header_not_matches ?? [] },
    patterns: {
      forbidden: given.fail_if_body_matches_regexp ?? [],
      required: given.fail_if_body_not_matches_regexp ?? [],
    },
    words: { forbidden: given.forbidden_words ?? [], required: given.required_words ?? [] },
    cel: { forbidden: given.fail_if_body_json_matches_cel, required: given.fail_if_body_json_not_matches_cel },
  };
}

function tlsCheck(given: Raw): HttpChecks["tls"] {
  if (given.fail_if_ssl === true) return given.fail_if_not_ssl === true ? "impossible" : "forbidden";
  return given.fail_if_not_ssl === true ? "required" : "any";
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function problemsOf(given: Raw): readonly Problem[] {
  return [...versionProblems(given), ...headerProblems(given), ...bodyProblems(given), ...methodProblems(given)];
}

function versionProblems(given: Raw): readonly Problem[] {
  const problems: Problem[] = [];
  if (given.enable_http3 === true) {
    problems.push({ path: ["enable_http3"], message: "HTTP/3 is not supported: remove the key or set it to false" });
  }
  for (const [index, version] of (given.valid_http_versions ?? []).entries()) {
    if (KNOWN_VERSIONS.includes(version)) continue;
    const message = `expected one of ${KNOWN_VERSIONS.join(", ")}${version === "HTTP/3.0" ? "; HTTP/3 is not supported" : ""}`;
    problems.push({ path: ["valid_http_versions", index], message });
  }
  return problems;
}

const KNOWN_VERSIONS: readonly string[] = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2"];

function headerProblems(given: Raw): readonly Problem[] {
  return Object.entries(given.headers ?? {}).flatMap(([name, value]) => {
    const path = ["headers", name];
    if (!HEADER_NAME.test(name)) return [{ path, message: "expected the name of a header" }];
    if (!HEADER_VALUE.test(value))
      return [{ path, message: "expected a value without line breaks and control characters" }];
    if (name.toLowerCase() !== "accept-encoding" || admitsCompression(value, given.compression ?? "")) return [];
    return [{ path, message: `expected a value that admits the module's compression ${given.compression}` }];
  });
}

function bodyProblems(given: Raw): readonly Problem[] {
  const both = (given.body ?? "") !== "" && (given.body_file ?? "") !== "";
  return both ? [{ path: [], message: "at most one of body and body_file may be set" }] : [];
}

function methodProblems(given: Raw): readonly Problem[] {
  if (given.method?.toUpperCase() !== "CONNECT") return [];
  return [{ path: ["method"], message: "expected a method other than CONNECT, which only proxies understand" }];
}
