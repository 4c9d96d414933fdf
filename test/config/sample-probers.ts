import { z } from "zod";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { defineProber, type Prober } from "../../src/probe/prober.ts";
import { PROBERS } from "../../src/probers/all.ts";
import { addressFamilyShape } from "../../src/settings/address-family.ts";
import { integer } from "../../src/settings/numbers.ts";
import { regularExpression } from "../../src/settings/regular-expression.ts";
import { secret } from "../../src/settings/secret.ts";
import { text } from "../../src/settings/text.ts";
import { tlsConfig } from "../../src/settings/tls-config.ts";

/** Small settings that show what the loader made of them. */
const SAMPLES: readonly Prober[] = [
  defineProber({
    protocol: "http",
    timeouts: { exchange: "exchange/timeout" },
    settings: z
      .strictObject({
        method: text.optional(),
        valid_status_codes: z.array(integer).optional(),
        headers: z.record(z.string(), text).optional(),
        fail_if_body_matches_regexp: z.array(regularExpression).optional(),
        basic_auth: z.strictObject({ username: text.optional(), password: secret.optional() }).optional(),
        tls_config: tlsConfig.optional(),
        ...addressFamilyShape,
      })
      .transform((raw) => ({ ...raw, method: raw.method ?? "GET" })),
    probe: (_target, settings) =>
      Promise.reject(new ProbeFailure("content/missing", { detail: JSON.stringify(settings) })),
  }),
  defineProber({
    protocol: "dns",
    settings: z.strictObject({ query_name: text, query_type: text.optional() }),
    probe: async () => {},
  }),
];

/** The exporter's own table, but for two protocols with small settings that the loader's tests can see through. */
export const SAMPLE_PROBERS: readonly Prober[] = PROBERS.map(
  (prober) => SAMPLES.find(({ protocol }) => protocol === prober.protocol) ?? prober,
);
