import type { Outcome } from "../../outcome/outcome.ts";
import type { ServerStatus } from "../../outcome/server-status.ts";
import type { ServerSettings } from "../../settings/server-settings.ts";
import { judge } from "./judge.ts";
import { lateness } from "./lateness.ts";
import type { ServerReports, Standing } from "./server-reports.ts";
import { usageOf } from "./usage.ts";

/** How each configured server that sends reports stands now, whether or not it is probed. */
export function serverStatuses(reports: ServerReports): readonly ServerStatus[] {
  return [...reports.servers].flatMap(([server, settings]) => {
    if (settings.source.kind !== "reports") return [];
    const standing = reports.standing(server);
    return [{ server, outcome: outcomeOf(standing, settings), reportedAt: standing?.latest.receivedAt }];
  });
}

function outcomeOf(standing: Standing | undefined, settings: ServerSettings): Outcome {
  if (standing === undefined) return "state/pending";
  const { latest, previous, silentSeconds } = standing;
  if (lateness(silentSeconds, settings) !== undefined) return "server/report-missing";
  const judgements = judge({ figures: latest.figures, usage: usageOf(latest, previous) }, settings);
  return judgements.find(({ exceeded }) => exceeded === true)?.outcome ?? "success";
}
