import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadAll } from "js-yaml";
import { z } from "zod";
import { kubernetesRules } from "../../../src/generate/alerts/kubernetes-rules.ts";
import { RULE_FILES } from "../../../src/generate/alerts/rule-files.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** Prometheus' notation, as the operator's schemas have it. */
const duration = z.string().regex(/^\d+(?:ms|[smhdwy])$/);

const metadata = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  namespace: z.literal("monitoring"),
  labels: z.record(z.string(), z.string()),
});

const selector = z.strictObject({ matchLabels: z.record(z.string(), z.string()) });

const texts = z.record(z.string(), z.string());

const rule = z.union([
  z.strictObject({
    alert: z.string(),
    expr: z.string(),
    for: duration.optional(),
    keep_firing_for: duration.optional(),
    labels: texts,
    annotations: texts,
  }),
  z.strictObject({ record: z.string(), expr: z.string() }),
]);

const scraped = { jobName: z.string(), scrapeTimeout: duration };

const targets = z.union([
  z.strictObject({ staticConfig: z.strictObject({ static: z.array(z.string()).min(1), labels: texts.optional() }) }),
  z.strictObject({ ingress: z.strictObject({ namespaceSelector: z.strictObject({ any: z.boolean() }), selector }) }),
]);

/** Of the operator's schemas (prometheus-operator.dev, API reference) what is used here. Kubernetes refuses other keys. */
const OBJECT = z.discriminatedUnion("kind", [
  z.strictObject({
    apiVersion: z.literal("monitoring.coreos.com/v1"),
    kind: z.literal("PrometheusRule"),
    metadata,
    spec: z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule).min(1) })) }),
  }),
  z.strictObject({
    apiVersion: z.literal("monitoring.coreos.com/v1"),
    kind: z.literal("Probe"),
    metadata,
    spec: z.strictObject({
      ...scraped,
      interval: duration,
      module: z.string(),
      // Host and port alone: the scheme has a key of its own.
      prober: z.strictObject({ url: z.string().regex(/^[\w.-]+:\d+$/), path: z.literal("/probe") }),
      targets,
    }),
  }),
  z.strictObject({
    apiVersion: z.literal("monitoring.coreos.com/v1alpha1"),
    kind: z.literal("ScrapeConfig"),
    metadata,
    spec: z.strictObject({
      ...scraped,
      scrapeInterval: duration,
      httpSDConfigs: z.array(z.strictObject({ url: z.url(), refreshInterval: duration.optional() })).min(1),
    }),
  }),
  z.strictObject({
    apiVersion: z.literal("monitoring.coreos.com/v1"),
    kind: z.literal("ServiceMonitor"),
    metadata,
    spec: z.strictObject({
      selector,
      endpoints: z.array(z.strictObject({ port: z.string(), interval: duration })).min(1),
    }),
  }),
]);

void test("each object for the Prometheus operator has the keys that its kind knows", () => {
  const objects = ["probes", "rules"].flatMap((name) =>
    loadAll(readFileSync(join(ROOT, "config", "kubernetes", `${name}.yaml`), "utf8")),
  );

  const kinds = objects.map((object) => OBJECT.parse(object).kind);

  assert.deepEqual(new Set(kinds), new Set(["Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"]));
});

void test("the operator gets the rules of the files, without those of one catalogue", () => {
  const objects = loadAll(kubernetesRules()).map((object) => OBJECT.parse(object));

  assert.deepEqual(
    objects.map(({ spec }) => ("groups" in spec ? spec.groups : [])),
    RULE_FILES.filter(({ name }) => name !== "cloudmonitor").map(({ groups }) => groups),
  );
});

/** `kubectl apply` keeps a copy in an annotation, and annotations may have 256 KiB in all. */
const MOST_BYTES = 256 * 1024;

void test("no object is too big for kubectl", () => {
  for (const object of loadAll(kubernetesRules())) assert.ok(Buffer.byteLength(JSON.stringify(object)) < MOST_BYTES);
});
