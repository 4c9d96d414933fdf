import type { Outcome } from "../../outcome/outcome.ts";
import type { ServerStatus } from "../../outcome/server-status.ts";
import type { ServerSettings } from "../../settings/server-settings.ts";
import { judge } from "./judge.ts";
import { lateness } from "./lateness.ts";
import type { ServerReports, Standing } from "./server-reports.ts";
import { usageOf } from "./usage.ts";

/** How each configured server that sends reports stands now, whether or not it is probed. */
export async function serverStatuses(reports: ServerReports): Promise<readonly ServerStatus[]> {
  const reporting = [...reports.servers].filter(([, { source }]) => source.kind === "reports");
  const standings = await reports.standings(reporting.map(([server]) => server));
  return reporting.map(([server, settings], index) => {
    const standing = standings[index];
    return { server, outcome: outcomeOf(standing, settings), reportedAt: standing?.latest.receivedAt };
  });
}

function outcomeOf(standing: Standing | undefined, settings: ServerSettings): Outcome {
  if (standing === undefined) return "state/pending";
  const { latest, previous, silentSeconds } = standing;
  if (lateness(silentSeconds, settings) !== undefined) return "server/report-missing";
  const judgements = judge({ figures: latest.figures, usage: usageOf(latest, previous) }, settings);
  return judgements.find(({ exceeded }) => exceeded === true)?.outcome ?? "success";
}
