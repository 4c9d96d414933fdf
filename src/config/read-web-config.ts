import { z } from "zod";
import { duration } from "../settings/duration.ts";
import { HEADER_VALUE } from "../settings/header-syntax.ts";
import { integer } from "../settings/numbers.ts";
import { type Secret, secret } from "../settings/secret.ts";
import { text } from "../settings/text.ts";
import { yamlBoolean } from "../settings/yaml-boolean.ts";
import { conceal } from "./conceal.ts";
import type { Problems } from "./configuration.ts";
import { problemsOf } from "./problems-of.ts";
import { readYaml } from "./read-yaml.ts";

/** What a web configuration file says, before the files that it names are read. */
export interface WebSettings {
  readonly tls: WebTlsSettings | undefined;
  /** Sent with every answer. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** By name, the bcrypt hash of the password; empty where anybody may ask. */
  readonly users: ReadonlyMap<string, Secret>;
  readonly rateLimit: RateLimit | undefined;
}

/** A bucket of so many requests; one more is let in after each interval. */
export interface RateLimit {
  readonly intervalSeconds: number;
  readonly burst: number;
}

/** PEM text or a file that holds it, whichever is given. */
export interface PemOrFile {
  readonly text: string | undefined;
  readonly file: string | undefined;
}

export interface WebTlsSettings {
  readonly certificate: PemOrFile;
  readonly key: PemOrFile;
  readonly clientAuthorities: PemOrFile;
  readonly clientPolicy: ClientPolicy;
  /** Subject alternative names of which a client's certificate must have one; empty for any. */
  readonly clientNames: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL's names, in order; empty for the default. */
  readonly ciphers: readonly string[];
  readonly curves: readonly string[];
  readonly preferServerCiphers: boolean;
}

/** Whether a client must show a certificate, and whether it must be one of a trusted authority. */
export interface ClientPolicy {
  readonly certificate: "ignored" | "asked" | "required";
  readonly verified: boolean;
}

/**
 * Reads the text of `--web.config.file`, in the format that the exporters of the Prometheus family share
 * (exporter-toolkit, web-configuration.md), or names everything that is wrong with it.
 */
export function readWebConfig(content: string): WebSettings | Problems {
  const yaml = readYaml(content);
  if ("problem" in yaml) return { problems: [`Cannot read the web configuration: ${yaml.problem}`] };
  const read = schema.safeParse(yaml.value);
  return read.success ? read.data : { problems: problemsOf(read.error, { schema, concealed: conceal(yaml.value) }) };
}

/** As Node names them; their alphabetical order is that of their age. */
type TlsVersion = (typeof VERSIONS)[(typeof VERSION_NAMES)[number]];

const VERSIONS = { TLS10: "TLSv1", TLS11: "TLSv1.1", TLS12: "TLSv1.2", TLS13: "TLSv1.3" } as const;
const VERSION_NAMES = ["TLS10", "TLS11", "TLS12", "TLS13"] as const;

const POLICIES = {
  NoClientCert: { certificate: "ignored", verified: false },
  RequestClientCert: { certificate: "asked", verified: false },
  /** The older name of the next. */
  RequireClientCert: { certificate: "required", verified: false },
  RequireAnyClientCert: { certificate: "required", verified: false },
  VerifyClientCertIfGiven: { certificate: "asked", verified: true },
  RequireAndVerifyClientCert: { certificate: "required", verified: true },
} as const satisfies Record<string, ClientPolicy>;

const POLICY_NAMES = [
  "NoClientCert",
  "RequestClientCert",
  "RequireClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
] as const satisfies readonly (keyof typeof POLICIES)[];

/** The suites that Go offers by these names (the IANA names), as OpenSSL calls them. */
const CIPHERS: ReadonlyMap<string, string> = new Map([
  ["TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"],
  ["TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"],
  ["TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256"],
  ["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"],
  ["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"],
  ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"],
  ["TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"],
  ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
  ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
  ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
  ["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"],
  ["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"],
]);

const CURVES: ReadonlyMap<string, string> = new Map([
  ["CurveP256", "P-256"],
  ["CurveP384", "P-384"],
  ["CurveP521", "P-521"],
  ["X25519", "X25519"],
  ["X25519MLKEM768", "X25519MLKEM768"],
]);

const version = z.enum(VERSION_NAMES, `expected one of ${VERSION_NAMES.join(", ")}`);

const tlsServerConfig = z
  .strictObject({
    cert: text.optional(),
    cert_file: text.optional(),
    key: secret.optional(),
    key_file: text.optional(),
    client_ca: text.optional(),
    client_ca_file: text.optional(),
    client_auth_type: z.enum(POLICY_NAMES, `expected one of ${POLICY_NAMES.join(", ")}`).optional(),
    client_allowed_sans: z.array(text).optional(),
    min_version: version.optional(),
    max_version: version.optional(),
    cipher_suites: z.array(named(CIPHERS, "a cipher suite")).optional(),
    curve_preferences: z.array(named(CURVES, "a curve")).optional(),
    prefer_server_cipher_suites: yamlBoolean.optional(),
  })
  .transform((raw, context): WebTlsSettings | undefined => {
    if (Object.keys(raw).length === 0) return undefined;
    const settings: WebTlsSettings = {
      certificate: { text: filled(raw.cert), file: filled(raw.cert_file) },
      key: { text: filled(raw.key?.reveal()), file: filled(raw.key_file) },
      clientAuthorities: { text: filled(raw.client_ca), file: filled(raw.client_ca_file) },
      clientPolicy: POLICIES[raw.client_auth_type ?? "NoClientCert"],
      clientNames: raw.client_allowed_sans ?? [],
      minVersion: VERSIONS[raw.min_version ?? "TLS12"],
      maxVersion: VERSIONS[raw.max_version ?? "TLS13"],
      ciphers: raw.cipher_suites ?? [],
      curves: raw.curve_preferences ?? [],
      preferServerCiphers: raw.prefer_server_cipher_suites ?? true,
    };
    for (const message of contradictions(settings)) context.addIssue({ code: "custom", message });
    return settings;
  });

function contradictions(settings: WebTlsSettings): readonly string[] {
  const { certificate, key, clientAuthorities, clientPolicy, clientNames, minVersion, maxVersion } = settings;
  const required = clientPolicy.certificate === "required";
  const conditions: readonly (readonly [boolean, string])[] = [
    [isTwice(certificate), "at most one of cert and cert_file may be set"],
    [isTwice(key), "at most one of key and key_file may be set"],
    [isTwice(clientAuthorities), "at most one of client_ca and client_ca_file may be set"],
    [!isGiven(certificate), "one of cert and cert_file must be set"],
    [!isGiven(key), "one of key and key_file must be set"],
    [
      isGiven(clientAuthorities) && clientPolicy.certificate === "ignored",
      "client_ca has no effect without client_auth_type",
    ],
    [
      clientNames.length > 0 && !required,
      "client_allowed_sans needs client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert",
    ],
    [minVersion > maxVersion, "max_version must not be below min_version"],
  ];
  return conditions.filter(([holds]) => holds).map(([, message]) => message);
}

function isGiven({ text: inline, file }: PemOrFile): boolean {
  return inline !== undefined || file !== undefined;
}

function isTwice({ text: inline, file }: PemOrFile): boolean {
  return inline !== undefined && file !== undefined;
}

function named(names: ReadonlyMap<string, string>, what: string): z.ZodType<string> {
  return text.transform((name, context) => {
    const known = names.get(name);
    if (known !== undefined) return known;
    context.addIssue({ code: "custom", message: `expected ${what}: one of ${[...names.keys()].join(", ")}` });
    return z.NEVER;
  });
}

const headerValue = text.refine((value) => HEADER_VALUE.test(value), "expected a value without line breaks");

function oneOf(values: readonly string[]): z.ZodType<string> {
  return text.refine((value) => value === "" || values.includes(value), `expected ${values.join(" or ")}`);
}

const httpServerConfig = z.strictObject({
  /** Known, but without effect: nothing that this exporter serves gains by HTTP/2. */
  http2: yamlBoolean.optional(),
  headers: z
    .strictObject({
      "Content-Security-Policy": headerValue.optional(),
      "Strict-Transport-Security": headerValue.optional(),
      "X-Content-Type-Options": oneOf(["nosniff"]).optional(),
      "X-Frame-Options": oneOf(["deny", "sameorigin"]).optional(),
      "X-XSS-Protection": headerValue.optional(),
    })
    .optional(),
});

/** A cost of 15 takes seconds for one login already; beyond it, a login would stop the exporter. */
const BCRYPT = /^\$2[aby]\$(?:0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/u;

const passwordHash = secret.refine(
  (hash) => BCRYPT.test(hash.reveal()),
  "expected a bcrypt hash of cost 4 to 15, such as htpasswd -nB prints",
);

const rateLimit = z
  .strictObject({ interval: z.union([z.literal(0), duration]).optional(), burst: integer.optional() })
  .transform((raw, context): RateLimit | undefined => {
    const intervalSeconds = raw.interval ?? 0;
    if (intervalSeconds <= 0) return undefined;
    const burst = raw.burst ?? 1;
    // A bucket that holds nothing would refuse every request.
    if (burst < 1) context.addIssue({ code: "custom", path: ["burst"], message: "expected at least 1" });
    return { intervalSeconds, burst };
  });

const schema = z
  .strictObject({
    tls_server_config: tlsServerConfig.optional(),
    http_server_config: httpServerConfig.optional(),
    basic_auth_users: z.record(z.string(), passwordHash).optional(),
    rate_limit: rateLimit.optional(),
  })
  .transform(
    (raw): WebSettings => ({
      tls: raw.tls_server_config,
      headers: Object.entries(raw.http_server_config?.headers ?? {}).flatMap(([name, value]) =>
        value === undefined || value === "" ? [] : [[name, value] as const],
      ),
      users: new Map(Object.entries(raw.basic_auth_users ?? {})),
      rateLimit: raw.rate_limit,
    }),
  );

function filled(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
