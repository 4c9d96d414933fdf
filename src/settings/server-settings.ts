import { z } from "zod";
import { DEFAULT_TLS_SETTINGS, type TlsSettings } from "../network/tls-settings.ts";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "./address-family.ts";
import { bitRate } from "./bit-rate.ts";
import { type Credentials, credentialsShape, readCredentials } from "./credentials.ts";
import { duration } from "./duration.ts";
import { decimal } from "./numbers.ts";
import { httpUrl } from "./oauth2-values.ts";
import { percentage } from "./percentage.ts";
import type { Schema } from "./schema.ts";
import { text } from "./text.ts";
import { tlsConfig } from "./tls-config.ts";

/** The averages of the load that every Unix keeps. */
export const LOAD_PERIODS = ["1m", "5m", "15m"] as const;

export type LoadPeriod = (typeof LOAD_PERIODS)[number];

/** What must not be exceeded, in the order in which the first that is decides the outcome; undefined: no limit. */
export interface Thresholds {
  readonly load: number | undefined;
  /** Shares from 0 to 1. */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly storage: number | undefined;
  /** Bytes per second of any one device. */
  readonly "bandwidth-out": number | undefined;
  readonly "bandwidth-in": number | undefined;
}

/** One entry of `servers:`: where the figures of a server come from, and what they may be. */
export interface ServerSettings {
  readonly source: ReportSource | NodeExporterSource;
  /** How often a report is expected, and how much later it may come before it counts as missing; seconds, if it reports. */
  readonly reportIntervalSeconds: number;
  readonly graceSeconds: number;
  /** Which average `thresholds.load` limits. */
  readonly loadPeriod: LoadPeriod;
  readonly thresholds: Thresholds;
}

/** The server sends its figures itself, with a token of which only the SHA-256 is known here (hexadecimal). */
interface ReportSource {
  readonly kind: "reports";
  readonly tokenSha256: string;
}

/** The figures are asked of a node_exporter. */
export interface NodeExporterSource {
  readonly kind: "node_exporter";
  readonly url: URL;
  readonly family: AddressFamily;
  readonly tls: TlsSettings;
  readonly credentials: Credentials | undefined;
}

const positiveDuration = duration.refine((seconds) => seconds > 0, "expected more than no time");

const thresholds = z.strictObject({
  load: decimal.refine((value) => value > 0, "expected a number above 0").optional(),
  cpu: percentage.optional(),
  memory: percentage.optional(),
  storage: percentage.optional(),
  bandwidth_out: bitRate.optional(),
  bandwidth_in: bitRate.optional(),
});

const raw = z.strictObject({
  source: z.enum(["reports", "node_exporter"], { error: 'expected "reports" or "node_exporter"' }).optional(),
  token_sha256: text
    .refine((value) => /^[0-9a-f]{64}$/iu.test(value), "expected the SHA-256 of the token as 64 hexadecimal digits")
    .optional(),
  url: text.optional(),
  ...addressFamilyShape,
  ...credentialsShape,
  tls_config: tlsConfig.optional(),
  report_interval: positiveDuration.optional(),
  grace: duration.refine((seconds) => seconds >= 0, "expected no negative time").optional(),
  load_period: z.enum(LOAD_PERIODS, { error: `expected one of ${LOAD_PERIODS.join(", ")}` }).optional(),
  thresholds: thresholds.nullish(),
});

type Raw = z.output<typeof raw>;

/** How often a server reports unless it is said: as often as Prometheus scrapes. */
const DEFAULT_INTERVAL_SECONDS = 60;

/** Reads one entry of `servers:`. */
export const serverSettings: Schema<ServerSettings> = raw.transform((given, context): ServerSettings => {
  const source = (given.source ?? "reports") === "reports" ? readReports(given, context) : readExporter(given, context);
  const reportIntervalSeconds = given.report_interval ?? DEFAULT_INTERVAL_SECONDS;
  return {
    source,
    reportIntervalSeconds,
    // Half an interval covers an agent that retries once, and stays below two reports that are missing.
    graceSeconds: given.grace ?? reportIntervalSeconds / 2,
    loadPeriod: given.load_period ?? "5m",
    thresholds: readThresholds(given.thresholds ?? {}),
  };
});

function readReports(given: Raw, context: z.RefinementCtx): ReportSource {
  const idle = EXPORTER_KEYS.filter((key) => given[key] !== undefined);
  for (const key of idle) {
    context.addIssue({ code: "custom", path: [key], message: 'only "source: node_exporter" has a use for this key' });
  }
  if (given.token_sha256 === undefined) {
    context.addIssue({ code: "custom", path: ["token_sha256"], message: "expected the SHA-256 of the server's token" });
  }
  return { kind: "reports", tokenSha256: (given.token_sha256 ?? "").toLowerCase() };
}

const EXPORTER_KEYS = ["url", "tls_config", "username", "password", "password_file", "source_ip_address"] as const;

function readExporter(given: Raw, context: z.RefinementCtx): NodeExporterSource {
  const url = httpUrl(given.url ?? "");
  if (url === undefined) {
    const message = 'expected a URL such as "http://192.0.2.1:9100/metrics"';
    context.addIssue({ code: "custom", path: ["url"], message });
  }
  for (const key of REPORT_KEYS.filter((one) => given[one] !== undefined)) {
    const message = "a server that is asked sends no reports, so it has no use for this key";
    context.addIssue({ code: "custom", path: [key], message });
  }
  return {
    kind: "node_exporter",
    url: url ?? UNREADABLE_URL,
    family: readAddressFamily(given),
    tls: given.tls_config ?? DEFAULT_TLS_SETTINGS,
    credentials: readCredentials(given, { context }),
  };
}

const REPORT_KEYS = ["token_sha256", "report_interval", "grace"] as const;

/** Stands in where a URL did not parse, which is an issue of its own and so never dialled. */
const UNREADABLE_URL = new URL("http://unreadable.invalid");

function readThresholds(given: z.output<typeof thresholds>): Thresholds {
  return {
    load: given.load,
    cpu: given.cpu,
    memory: given.memory,
    storage: given.storage,
    "bandwidth-out": given.bandwidth_out,
    "bandwidth-in": given.bandwidth_in,
  };
}
