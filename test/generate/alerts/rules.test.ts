import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ADVICE } from "../../../src/catalogue/advice.ts";
import { codesOf } from "../../../src/catalogue/codes-of.ts";
import { documentedCodes } from "../../../src/catalogue/documented-codes.ts";
import { CATALOGUES, type Catalogue } from "../../../src/catalogue/status-code.ts";
import { type CodeAlert, codeAlerts } from "../../../src/generate/alerts/code-alerts.ts";
import { alertName, codeRule } from "../../../src/generate/alerts/code-rule.ts";
import { AREAS, handlingOf, SEVERITIES } from "../../../src/generate/alerts/handling.ts";
import { RULE_FILES } from "../../../src/generate/alerts/rule-files.ts";
import { RULE_TEST_FILES } from "../../../src/generate/alerts/rule-test-files.ts";
import { HOST_OF_INSTANCE } from "../../../src/generate/alerts/templates.ts";
import { codesPage } from "../../../src/generate/codes-page.ts";
import { FAILURES, type Outcome } from "../../../src/outcome/outcome.ts";
import { REACHABLE, type Subject } from "../../../src/outcome/reachable.ts";
import { knownMetrics, metricsIn } from "../known-metrics.ts";

const RULES = RULE_FILES.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));
const ALERTS = RULES.flatMap((rule) => ("alert" in rule ? [rule] : []));
const SUBJECTS = Object.keys(REACHABLE).filter((key): key is Subject => key in REACHABLE);

void test("every documented code has a rule, but for the value of a check that passed", () => {
  const covered = new Set(CATALOGUES.flatMap(codeAlerts).map(({ code }) => alertName(code)));

  const missing = documentedCodes().filter((code) => !covered.has(alertName(code)));

  assert.deepEqual(
    missing.map(({ catalogue, list, code }) => `${catalogue} ${list} ${code}`),
    ["hitflow service 0", "hitflow server 0", "hitflow ssl 0", "hitflow domain 0"],
  );
});

void test("each of the 30 HTTP statuses that Cloud Monitor documents has a rule of its own, and each class one for the rest", () => {
  const statuses = documentedCodes().filter(({ isHttpStatus }) => isHttpStatus);
  const names = new Set(ALERTS.map(({ alert }) => alert));

  assert.equal(statuses.length, 30);
  for (const status of statuses) assert.ok(names.has(alertName(status)), String(status.code));
  for (const digit of [1, 2, 3, 4, 5]) assert.ok(names.has(`CloudMonitorHttpCode${digit}xx`), String(digit));
});

void test("a target has to fail three times in a row, a server twice, where both are asked once a minute", () => {
  for (const outcome of [
    "resolve/name-not-found",
    "connect/refused",
    "tls/certificate-expired",
    "content/missing",
  ] as const)
    assert.deepEqual(waitsFor(outcome), new Set(["2m"]), outcome);
  for (const outcome of ["server/load", "server/bandwidth-in", "server/report-missing"] as const)
    assert.deepEqual(waitsFor(outcome), new Set(["1m"]), outcome);
});

function waitsFor(outcome: Outcome): ReadonlySet<string | undefined> {
  const alerts = CATALOGUES.flatMap(codeAlerts).filter(({ outcomes }) => outcomes.includes(outcome));
  return new Set(alerts.map((alert) => codeRule(alert).for));
}

void test("an alert outlives those that it stands for: other rules by 15 s, other targets by as much and a minute", () => {
  const hitflow = codeAlerts("hitflow").filter(({ handling }) => handling.severity !== "info");
  const kept = {
    cloudMonitor: secondsKept(codeAlerts("cloudmonitor").filter(({ handling }) => handling.severity !== "info")),
    certificate: secondsKept(hitflow.filter(({ code }) => code.list === "ssl" || code.list === "server")),
    service: secondsKept(hitflow.filter(({ code }) => code.list === "service" || code.list === "domain")),
  };

  assert.ok(kept.cloudMonitor >= 75);
  assert.ok(kept.certificate >= kept.cloudMonitor + 15);
  assert.ok(kept.service >= kept.certificate + 75);
  for (const rule of ALERTS)
    if (rule.labels["code"] === undefined && rule.alert !== "StatusExporterDown")
      assert.equal(rule.keep_firing_for, undefined, rule.alert);
});

/** All of them have to be alike. */
function secondsKept(alerts: readonly CodeAlert[]): number {
  const [kept, ...others] = new Set(alerts.map((alert) => codeRule(alert).keep_firing_for));
  assert.deepEqual(others, []);
  const [, count, unit = ""] = /^(\d+)([sm])$/.exec(kept ?? "") ?? [];
  return Number(count) * (unit === "m" ? 60 : 1);
}

void test("each alert of each file fires in a test of promtool", () => {
  const tests = RULE_TEST_FILES.flatMap((file) => file.tests);
  const byName = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
  const byLabel = tests.flatMap(({ promql_expr_test }) => promql_expr_test).flatMap(({ exp_samples }) => exp_samples);
  const fired = new Set([
    ...byName.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
    ...byLabel.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1]),
  ]);

  assert.deepEqual(
    ALERTS.map(({ alert }) => alert).filter((name) => !fired.has(name)),
    [],
  );
});

void test("rules of one code share its name, and differ in whom they concern", () => {
  const rules = CATALOGUES.flatMap(codeAlerts).map((alert) => ({ rule: codeRule(alert), handling: alert.handling }));

  const keys = rules.map(({ rule, handling }) => `${rule.alert} ${Object.values(handling).join(" ")}`);

  assert.equal(new Set(keys).size, keys.length);
});

for (const subject of SUBJECTS) {
  for (const outcome of REACHABLE[subject].filter((one) => one !== "success")) {
    void test(`${subject} ${outcome}: each of its codes that is no passed check has one rule, alike in both catalogues`, () => {
      const codes = codesOf({ subject, outcome, httpStatus: undefined }).filter(({ documented }) => documented);

      for (const { catalogue, list, code } of codes) {
        const rules = codeAlerts(catalogue).filter(
          (alert) => alert.code.list === list && alert.code.code === code && alert.outcomes.includes(outcome),
        );
        assert.deepEqual(
          rules.map(({ handling }) => handling),
          [handlingOf(outcome)],
        );
      }
    });
  }
}

void test("what Cloud Monitor raises an alert for, Hitflow does too, so that one can stand for both", () => {
  const alone = SUBJECTS.flatMap((subject) =>
    REACHABLE[subject]
      .filter((outcome) => raises("cloudmonitor", { subject, outcome }) && !raises("hitflow", { subject, outcome }))
      .map((outcome) => `${subject} ${outcome}`),
  );

  assert.deepEqual(alone, []);
});

function raises(catalogue: Catalogue, ending: { readonly subject: Subject; readonly outcome: Outcome }): boolean {
  return codesOf({ ...ending, httpStatus: undefined })
    .filter((code) => code.catalogue === catalogue)
    .some(({ list, code }) =>
      codeAlerts(catalogue).some(
        (alert) => alert.code.list === list && alert.code.code === code && alert.outcomes.includes(ending.outcome),
      ),
    );
}

void test("every rule of a code filters on its catalogue and its list", () => {
  for (const { alert, expr } of CATALOGUES.flatMap(codeAlerts).map(codeRule)) {
    assert.match(expr, /\{catalogue="[a-z]+",list="[a-z0-9]+"\}/, alert);
  }
});

void test("every alert has a severity, an area, a text for each question and a link", () => {
  for (const { alert, labels, annotations } of ALERTS) {
    assert.ok(
      SEVERITIES.some((severity) => severity === labels["severity"]),
      alert,
    );
    assert.ok(
      AREAS.some((area) => area === labels["area"]),
      alert,
    );
    for (const key of ["summary", "description", "action", "runbook_url"])
      assert.ok(annotations[key], `${alert} ${key}`);
  }
});

void test("every area and every severity has an alert", () => {
  assert.deepEqual(new Set(ALERTS.map(({ labels }) => labels["area"])), new Set(AREAS));
  assert.deepEqual(new Set(ALERTS.map(({ labels }) => labels["severity"])), new Set(SEVERITIES));
});

void test("every link of an alert leads to an anchor of the pages that explain it", () => {
  const alerting = readFileSync(new URL("../../../docs/alerting.md", import.meta.url), "utf8");
  const anchors = new Set([
    ...[...codesPage().matchAll(/<a id="([^"]+)">/g)].map(([, id]) => `docs/codes.md#${id}`),
    ...[...alerting.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => {
      return `docs/alerting.md#${title.toLowerCase().replaceAll("'", "").replaceAll(" ", "-")}`;
    }),
  ]);

  const lost = ALERTS.map(({ annotations }) =>
    (annotations["runbook_url"] ?? "").replace(/^\{\{.*else \}\}(.*)\{\{ end \}\}/, "$1"),
  );

  assert.deepEqual(
    [...new Set(lost)].filter((link) => !anchors.has(link)),
    [],
  );
});

void test("docs/alerting.md explains every alert that is of no code; those of expiry by the beginnings of their names", () => {
  const page = readFileSync(new URL("../../../docs/alerting.md", import.meta.url), "utf8");
  const names = ALERTS.filter(({ labels }) => labels["code"] === undefined).map(({ alert }) => alert);

  const unexplained = names.filter(
    (name) => !page.includes(`\`${name}\``) && !/^(?:CertificateFile|Domain)/.test(name),
  );

  assert.ok(page.includes("`CertificateFile…`") && page.includes("`Domain…`"));
  assert.deepEqual(unexplained, []);
});

void test("no text of an outcome would be taken for a template", () => {
  for (const outcome of FAILURES) assert.doesNotMatch(Object.values(ADVICE[outcome]).join(" "), /\{\{|\}\}/, outcome);
});

void test("every metric that a rule asks for exists", async () => {
  const known = await knownMetrics();

  const unknown = RULES.flatMap(({ expr }) => metricsIn(expr)).filter((name) => !known.has(name));

  assert.deepEqual(unknown, []);
});

void test("the host of a target is found in whatever way the target is written", () => {
  const quoted = /reReplaceAll ("(?:[^"\\]|\\.)*")/.exec(HOST_OF_INSTANCE)?.[1] ?? "";
  const pattern = new RegExp(String(JSON.parse(quoted)));
  const hostOf = (instance: string): string => instance.replace(pattern, "$1");

  for (const instance of [
    "a.example",
    "a.example:25",
    "https://a.example",
    "https://a.example:8443/x?y#z",
    "smtp://u:p@a.example:25",
  ]) {
    assert.equal(hostOf(instance), "a.example", instance);
  }
  assert.equal(hostOf("https://[2001:db8::1]:443/"), "[2001:db8::1]");
  for (const instance of ["2001:db8::1", "::1", "file:/etc/*.pem", "unix:/run/x.sock"])
    assert.equal(hostOf(instance), instance);
});
