import { answer, repeated } from "./answer.ts";
import { type RuleTest, seriesText, type TestSeries } from "./rule-test.ts";
import { type Scenario, scenarioTest } from "./scenario.ts";

/** One sample a minute, half an hour and more. */
const MORE = 60;
const SELF = { instance: "exporter:9115", job: "exporter" } as const;
const TARGET = { instance: "shop.example.com", job: "shops" } as const;

/** Faults of the exporter and between Prometheus and it, each of which raises one alert. */
export function exporterTests(): readonly RuleTest[] {
  return [...scrapes(), ...probes(), ...inside()].map((scenario) =>
    scenarioTest(scenario, { interval: "1m", at: "30m" }),
  );
}

function scrapes(): readonly Scenario[] {
  const lost = ["shop", "mail"].flatMap((instance) => [
    series("up", "1+0x9 0+0x50", { ...TARGET, instance }),
    series("probe_success", "1+0x9 stale", { ...TARGET, instance }),
  ]);
  return [
    { name: "all is well", series: well(), firing: {} },
    {
      name: "nothing was ever scraped",
      series: [series("up", repeated(1, MORE), TARGET)],
      firing: { StatusExporterAbsent: 1 },
    },
    {
      name: "the exporter stops after ten minutes",
      series: [series("status_exporter_build_info", "1+0x9 stale", BUILD), series("up", "1+0x9 0+0x50")],
      firing: { StatusExporterDown: 1 },
    },
    {
      name: "probes of two targets get no answer any more",
      series: well().concat(lost),
      firing: { StatusExporterProbesUnanswered: 1 },
    },
  ];
}

function probes(): readonly Scenario[] {
  const near = [
    ...answer({ codes: [], outcome: "success", target: TARGET, samples: MORE }),
    series("probe_duration_seconds", repeated(9, MORE), TARGET),
    series("probe_timeout_seconds", repeated(10, MORE), TARGET),
  ];
  const codeless = answer({ codes: [], outcome: "local/no-socket", target: TARGET, samples: MORE });
  const codes = [{ catalogue: "hitflow", list: "service", code: 454 }];
  const coded = answer({ codes, outcome: "deadline/no-time-left", target: TARGET, samples: MORE });
  const defect = { ...SELF, outcome: "local/defect", module: "http_2xx", protocol: "http" };
  return [
    { name: "a probe takes 9 s of 10 s", series: well().concat(near), firing: { StatusExporterProbeNearDeadline: 1 } },
    {
      name: "a fault of ours in a list that has no code for it",
      series: well().concat(codeless),
      firing: { StatusExporterFaultWithoutCode: 1 },
    },
    { name: "a fault of ours that has a code", series: well().concat(coded), firing: {} },
    {
      name: "a defect",
      series: well().concat(series("status_exporter_probes_total", "0+0x19 1+0x40", defect)),
      firing: { StatusExporterDefect: 1 },
    },
  ];
}

function inside(): readonly Scenario[] {
  const corrupt = { ...SELF, fault: "corrupt" };
  return [
    {
      name: "a configuration that cannot be loaded",
      series: [...well({ loaded: 0 })],
      firing: { StatusExporterConfigNotReloaded: 1 },
    },
    {
      name: "storage that cannot be used",
      series: well({ usable: 0 }),
      firing: { StatusExporterStorageFailing: 1 },
    },
    {
      name: "storage that was damaged",
      series: well().concat(series("status_exporter_storage_faults_total", "0+0x9 1+0x50", corrupt)),
      firing: { StatusExporterStorageDamaged: 1 },
    },
    {
      name: "reports that are turned down, one a minute",
      series: well().concat(series("status_exporter_reports_rejected_total", "0+1x60", { ...SELF, reason: "token" })),
      firing: { StatusExporterReportsRejected: 1 },
    },
    {
      name: "three restarts in a quarter of an hour",
      series: well().concat(series("process_start_time_seconds", "1+0x17 2+0x3 3+0x3 4+0x30")),
      firing: { StatusExporterRestarting: 1 },
    },
  ];
}

const BUILD = { ...SELF, version: "1.0.0", node_version: "24.0.0" } as const;

/** An exporter that runs. */
function well({ loaded = 1, usable = 1 } = {}): readonly TestSeries[] {
  return [
    series("up", repeated(1, MORE)),
    series("status_exporter_build_info", repeated(1, MORE), BUILD),
    series("status_exporter_config_last_reload_successful", repeated(loaded, MORE)),
    series("status_exporter_storage_usable", repeated(usable, MORE)),
  ];
}

function series(name: string, values: string, labels: Readonly<Record<string, string>> = SELF): TestSeries {
  return { series: seriesText(name, labels), values };
}
