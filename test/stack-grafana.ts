import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ServerProcess, startServer } from "./integration/support/server-process.ts";
import { temporaryDirectory } from "./integration/support/temporary-directory.ts";

const DASHBOARDS = fileURLToPath(new URL("../dashboards", import.meta.url));

/** Where dashboards/provisioning/ expects the dashboards. */
const EXPECTED = "/var/lib/grafana/dashboards/status-exporter";

interface GrafanaOptions {
  /** Its folder: `/usr/share/grafana` where a package installed it. */
  readonly home: string;
  readonly port: number;
  /** The origin of the Prometheus that it asks. */
  readonly prometheus: string;
  readonly logFile: string;
}

/** The program of a Grafana, and where it comes from if it is missing. */
export function grafanaIn(home: string): { readonly names: readonly string[]; readonly from: string } {
  return { names: [join(home, "bin/grafana")], from: "https://grafana.com/grafana/download, or leave out --grafana" };
}

/** Grafana with the dashboards of this repository, for anybody on this machine to look at. */
export async function startGrafana(
  stack: AsyncDisposableStack,
  { home, port, prometheus, logFile }: GrafanaOptions,
): Promise<ServerProcess> {
  const directory = await temporaryDirectory(stack);
  const provisioning = join(directory, "provisioning");
  await cp(join(DASHBOARDS, "provisioning"), provisioning, { recursive: true });
  const provider = join(provisioning, "dashboards", "status-exporter.yml");
  await writeFile(provider, (await readFile(provider, "utf8")).replace(EXPECTED, DASHBOARDS));
  return startServer(stack, {
    command: join(home, "bin/grafana"),
    args: ["server", `--homepath=${home}`],
    port,
    logFile,
    environment: {
      GF_SERVER_HTTP_ADDR: "127.0.0.1",
      GF_SERVER_HTTP_PORT: String(port),
      GF_PATHS_DATA: join(directory, "data"),
      GF_PATHS_LOGS: join(directory, "logs"),
      GF_PATHS_PLUGINS: join(directory, "plugins"),
      GF_PATHS_PROVISIONING: provisioning,
      GF_AUTH_ANONYMOUS_ENABLED: "true",
      GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(DASHBOARDS, "fleet.json"),
      PROMETHEUS_URL: prometheus,
    },
  });
}
