import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OWNER_OF_AREA } from "../../src/generate/alertmanager/owners.ts";
import { receiverOf, WRITTEN_DOWN } from "../../src/generate/alertmanager/routes.ts";
import { AREAS, SEVERITIES } from "../../src/generate/alerts/handling.ts";
import { integrationTest } from "./support/integration-test.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

const CONFIGURATION = fileURLToPath(new URL("../../config", import.meta.url));
const ALERTMANAGER = "alertmanager/alertmanager.yml";
const TEMPLATES = "alertmanager/templates/*.tmpl";

integrationTest("amtool accepts Alertmanager's configuration and its templates", {
  programs: ["amtool"],
  async body() {
    assert.match(run("amtool", ["check-config", ALERTMANAGER]), /1 templates\s+SUCCESS/);
  },
});

integrationTest("promtool accepts Prometheus' configuration", {
  programs: ["promtool"],
  async body() {
    assert.match(run("promtool", ["check", "config", "prometheus/prometheus.yml"]), /rule files found/);
  },
});

for (const area of AREAS) {
  for (const severity of SEVERITIES) {
    const way = severity === "critical" ? "called" : "told";
    const receiver = severity === "info" ? WRITTEN_DOWN : receiverOf(OWNER_OF_AREA[area], way);
    integrationTest(`an alert of area ${area} and severity ${severity} goes to ${receiver}`, {
      programs: ["amtool"],
      async body() {
        const labels = [`area=${area}`, `severity=${severity}`, "alertname=A", "host=a.example"];
        const answer = run("amtool", ["config", "routes", "test", `--config.file=${ALERTMANAGER}`, ...labels]);
        assert.equal(answer.trim(), receiver);
      },
    });
  }
}

integrationTest("a notification says what the code means, why, and what to look at first", {
  programs: ["amtool"],
  async body(stack) {
    const data = join(await temporaryDirectory(stack), "data.json");
    await writeFile(data, JSON.stringify(notification("firing")));

    assert.equal(
      render(data, "subject"),
      "[FIRING 1] https://shop.example.com/: Required words missing (Hitflow service 412)",
    );
    assert.equal(
      render(data, "text"),
      [
        "CRITICAL: https://shop.example.com/: Required words missing (Hitflow service 412)",
        "What it means: The page lacks a word.",
        "Why: content/missing: The answer lacks something.",
        "Look first: Look at the answer itself.",
        "Service: shop",
        "More: http://localhost:9115/codes#hitflow-service-412",
        "Since 2026-01-02 03:04 UTC",
      ].join("\n"),
    );
    assert.match(render(data, "html"), /<b>Look first:<\/b> Look at the answer itself\./);
    assert.equal(render(data, "colour"), "danger");
  },
});

integrationTest("a notification of what is over says from when to when it was", {
  programs: ["amtool"],
  async body(stack) {
    const data = join(await temporaryDirectory(stack), "data.json");
    await writeFile(data, JSON.stringify(notification("resolved")));

    const text = render(data, "text");

    assert.match(text, /^Over: /);
    assert.match(text, /Since 2026-01-02 03:04 UTC until 2026-01-02 04:05 UTC$/);
    assert.doesNotMatch(text, /Look first/);
    assert.equal(render(data, "colour"), "good");
  },
});

function notification(status: "firing" | "resolved"): unknown {
  const labels = { alertname: "HitflowServiceCode412", severity: "critical", area: "content", service: "shop" };
  const annotations = {
    summary: "https://shop.example.com/: Required words missing (Hitflow service 412)",
    description: "The page lacks a word.",
    cause: "content/missing: The answer lacks something.",
    action: "Look at the answer itself.",
    runbook_url: "http://localhost:9115/codes#hitflow-service-412",
  };
  const startsAt = "2026-01-02T03:04:00Z";
  const endsAt = status === "resolved" ? "2026-01-02T04:05:00Z" : "0001-01-01T00:00:00Z";
  return {
    receiver: "sites-called",
    status,
    alerts: [{ status, labels, annotations, startsAt, endsAt }],
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: "http://localhost:9093",
  };
}

function render(data: string, part: string): string {
  const text = `{{ template "status_exporter.${part}" . }}`;
  const args = [
    "template",
    "render",
    `--template.glob=${TEMPLATES}`,
    `--template.text=${text}`,
    `--template.data=${data}`,
  ];
  return run("amtool", args).trim();
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: CONFIGURATION, encoding: "utf8" });
  assert.equal(status, 0, `${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}
