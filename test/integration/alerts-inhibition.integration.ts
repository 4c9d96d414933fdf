import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Catalogue } from "../../src/catalogue/status-code.ts";
import { codeAlerts } from "../../src/generate/alerts/code-alerts.ts";
import { codeRule } from "../../src/generate/alerts/code-rule.ts";
import { RULE_FILES } from "../../src/generate/alerts/rule-files.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";
import { startAlertmanager } from "./support/alertmanager.ts";
import { integrationTest } from "./support/integration-test.ts";
import { until } from "./support/until.ts";

const CONFIGURATION = new URL("../../config/alertmanager/alertmanager.yml", import.meta.url);

/** An alert of a code, or by its name, of a site, or of something else of the same situation. */
interface Alert {
  readonly of: readonly [catalogue: Catalogue, list: string, outcome: Outcome] | string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What fires at once, and which of it is still told. */
interface Situation {
  readonly what: string;
  readonly alerts: readonly Alert[];
  /** Names of alerts, in the order of the alphabet. */
  readonly told: readonly string[];
}

const NAME: Alert = { of: ["hitflow", "service", "resolve/name-not-found"] };
const REFUSED: Alert = { of: ["hitflow", "service", "connect/refused"] };
const EXPIRED: Alert = { of: ["hitflow", "service", "tls/certificate-expired"] };
const OTHER_JOB = { job: "certificates", instance: "HOST:443" } as const;

/** Each row of the table of what keeps quiet in docs/alerting.md, and what must not. */
const SITUATIONS: readonly Situation[] = [
  {
    what: "both catalogues have a code",
    alerts: [REFUSED, { of: ["cloudmonitor", "http", "connect/refused"] }],
    told: ["HitflowServiceCode451"],
  },
  {
    what: "a target is down, slow, hardly available, and about to expire",
    alerts: [
      REFUSED,
      { of: "TargetFailing" },
      { of: "CloudMonitorResponseTimeHigh" },
      { of: "CloudMonitorAvailabilityLow" },
      { of: "CloudMonitorAnyPointUnavailable" },
      { of: "CloudMonitorAllPointsUnavailable" },
      { of: "CertificateExpiresIn7Days" },
      { of: "DomainExpiresIn30Days" },
    ],
    told: ["HitflowServiceCode451"],
  },
  {
    what: "a target is slow, by its code and on average",
    alerts: [{ of: ["hitflow", "service", "timing/too-slow"] }, { of: "CloudMonitorResponseTimeHigh" }],
    told: ["HitflowServiceCode102"],
  },
  {
    what: "a name does not resolve, and so its certificate cannot be read",
    alerts: [
      NAME,
      { of: ["cloudmonitor", "http", "resolve/name-not-found"] },
      { of: ["hitflow", "ssl", "resolve/name-not-found"], labels: OTHER_JOB },
      { of: ["cloudmonitor", "http", "resolve/name-not-found"], labels: OTHER_JOB },
      { of: "TargetFailing", labels: OTHER_JOB },
      { of: "CloudMonitorAllPointsUnavailable", labels: OTHER_JOB },
    ],
    told: ["HitflowServiceCode404"],
  },
  {
    what: "the certificate of a site has expired, for the site and for whatever else looks at it",
    alerts: [
      EXPIRED,
      { of: ["hitflow", "ssl", "tls/certificate-expired"], labels: OTHER_JOB },
      { of: "CertificateExpired" },
      { of: "CertificateExpired", labels: OTHER_JOB },
    ],
    told: ["HitflowServiceCode416"],
  },
  {
    what: "a domain has expired, and its name does not resolve",
    alerts: [
      NAME,
      { of: ["hitflow", "domain", "domain/expired"], labels: { job: "domains", instance: "HOST" } },
      { of: "DomainExpired", labels: { job: "domains", instance: "HOST" } },
    ],
    told: ["HitflowDomainCode510"],
  },
  {
    what: "a server cannot be reached, and sends no reports",
    alerts: [
      REFUSED,
      { of: ["hitflow", "server", "server/report-missing"], labels: { job: "servers", instance: "HOST" } },
    ],
    told: ["HitflowServiceCode451"],
  },
  {
    what: "a target keeps failing, for one reason after the other",
    alerts: [
      { of: "TargetFailing" },
      { of: "CloudMonitorAllPointsUnavailable" },
      { of: "CloudMonitorAnyPointUnavailable" },
      { of: "CloudMonitorAvailabilityLow" },
    ],
    told: ["TargetFailing"],
  },
  {
    what: "every point finds the target unavailable",
    alerts: [
      { of: "CloudMonitorAllPointsUnavailable" },
      { of: "CloudMonitorAnyPointUnavailable" },
      { of: "CloudMonitorAvailabilityLow" },
    ],
    told: ["CloudMonitorAllPointsUnavailable"],
  },
  {
    what: "the exporter is down, and so no probe is answered",
    alerts: [{ of: "StatusExporterDown" }, { of: "StatusExporterProbesUnanswered" }],
    told: ["StatusExporterDown"],
  },
  {
    what: "another target of the same job is about to expire",
    alerts: [REFUSED, { of: "CertificateExpiresIn7Days", labels: { instance: "https://other.HOST/" } }],
    told: ["CertificateExpiresIn7Days", "HitflowServiceCode451"],
  },
  {
    what: "our own fault hides nothing that expires",
    alerts: [{ of: ["hitflow", "service", "policy/internal-address"] }, { of: "CertificateExpiresIn7Days" }],
    told: ["CertificateExpiresIn7Days", "HitflowServiceCode400"],
  },
  {
    what: "two causes at one host",
    alerts: [
      { of: ["hitflow", "service", "content/missing"] },
      { of: ["hitflow", "ssl", "tls/certificate-expired"], labels: OTHER_JOB },
    ],
    told: ["HitflowServiceCode412", "HitflowSslCode416"],
  },
];

integrationTest("of what has one cause, Alertmanager tells one alert", {
  programs: ["prometheus-alertmanager"],
  async body(stack, context) {
    const { origin } = await startAlertmanager(stack, await withoutFiles());
    for (const [index, { what, alerts, told }] of SITUATIONS.entries()) {
      await context.test(what, async () => {
        const host = `shop-${index}.example.com`;
        await post(
          origin,
          alerts.map((alert) => labelsOf(alert, { host, situation: what })),
        );

        const names = await until(`${what}: ${told.join()} alone is told`, async () => {
          const heard = await toldOf(origin, what);
          return heard.length === told.length && heard;
        });

        assert.deepEqual(names, told);
      });
    }
  },
});

/** The configuration as it is committed, but for the file with the chat's address, which is nobody's business here. */
async function withoutFiles(): Promise<string> {
  const text = await readFile(CONFIGURATION, "utf8");
  return text.replace("slack_api_url_file: secrets/chat-url", "slack_api_url: http://127.0.0.1:1/");
}

function labelsOf(
  { of, labels = {} }: Alert,
  { host, situation }: { readonly host: string; readonly situation: string },
): Readonly<Record<string, string>> {
  const target = { job: "shops", instance: "https://HOST/", ...labels };
  const instance = target.instance.replace("HOST", host);
  const found = typeof of === "string" ? ofNoCode(of) : ofCode(...of);
  const { hostname } = new URL(instance.includes("://") ? instance : `x://${instance}`);
  return { ...target, instance, situation, ...found, host: hostname };
}

function ofCode(catalogue: Catalogue, list: string, outcome: Outcome): Readonly<Record<string, string>> {
  const found = codeAlerts(catalogue).find(({ code, outcomes }) => code.list === list && outcomes.includes(outcome));
  assert.ok(found, `${catalogue} ${list} has no alert for ${outcome}`);
  const { alert, labels } = codeRule(found);
  return { ...labels, catalogue, list, outcome, alertname: alert };
}

function ofNoCode(name: string): Readonly<Record<string, string>> {
  const rules = RULE_FILES.flatMap(({ groups }) => groups).flatMap((group) => group.rules);
  const found = rules.find((rule) => "alert" in rule && rule.alert === name);
  assert.ok(found !== undefined && "alert" in found, name);
  return { ...found.labels, alertname: name };
}

async function post(origin: string, alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
  const answer = await fetch(`${origin}/api/v2/alerts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(alerts.map((labels) => ({ labels }))),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** The names of the alerts of a situation that nothing keeps quiet. */
async function toldOf(origin: string, situation: string): Promise<readonly string[]> {
  const query = new URLSearchParams({ inhibited: "false", filter: `situation="${situation}"` });
  const answer = await fetch(`${origin}/api/v2/alerts?${query.toString()}`);
  const alerts: readonly { readonly labels: Readonly<Record<string, string>> }[] = JSON.parse(await answer.text());
  return alerts.map(({ labels }) => labels["alertname"] ?? "").toSorted();
}
