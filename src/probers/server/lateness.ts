import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ServerSettings } from "../../settings/server-settings.ts";

/** Why a server's silence is too long; undefined where it is not. */
export function lateness(
  silentSeconds: number,
  { reportIntervalSeconds, graceSeconds }: Pick<ServerSettings, "reportIntervalSeconds" | "graceSeconds">,
): ProbeFailure | undefined {
  const allowed = reportIntervalSeconds + graceSeconds;
  if (silentSeconds <= allowed) return undefined;
  const detail = `No report has come in for ${Math.round(silentSeconds)} s, ${allowed} s are allowed`;
  return new ProbeFailure("server/report-missing", { detail });
}
