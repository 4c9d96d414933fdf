import { alertmanagerConfiguration } from "./alertmanager/configuration.ts";
import { kubernetesRules } from "./alerts/kubernetes-rules.ts";
import { RULE_FILES, ruleFileText } from "./alerts/rule-files.ts";
import { RULE_TEST_FILES, ruleTestFileText } from "./alerts/rule-test-files.ts";
import { codesPage } from "./codes-page.ts";
import { DASHBOARDS } from "./dashboards/all.ts";
import { dashboardText } from "./dashboards/dashboard.ts";
import { metricsPage } from "./metrics-page.ts";

/** A file that is made from the code and committed; its path is relative to the repository. */
export interface Output {
  readonly path: string;
  readonly render: () => string;
}

/** Every generated file. */
export const OUTPUTS: readonly Output[] = [
  { path: "docs/codes.md", render: codesPage },
  { path: "docs/metrics.md", render: metricsPage },
  { path: "config/alertmanager/alertmanager.yml", render: alertmanagerConfiguration },
  ...RULE_FILES.map((file) => ({
    path: `config/prometheus/rules/${file.name}.yml`,
    render: () => ruleFileText(file),
  })),
  ...RULE_TEST_FILES.map((file) => ({
    path: `config/prometheus/tests/${file.name}.yml`,
    render: () => ruleTestFileText(file),
  })),
  { path: "config/kubernetes/rules.yaml", render: kubernetesRules },
  ...DASHBOARDS.map((dashboard) => ({
    path: `dashboards/${dashboard.name}.json`,
    render: () => dashboardText(dashboard),
  })),
];
