import assert from "node:assert/strict";
import { sleep } from "../../src/network/deadline.ts";
import type { SentReport } from "./fault.ts";
import type { Member } from "./start-fleet.ts";

/** Lets the servers of a fleet report to an exporter, each in the order of its reports. */
export async function sendReports(members: readonly Member[], url: string): Promise<void> {
  await Promise.all(
    members.map(async ({ started }) => {
      for (const report of started.reports ?? []) await send(report, url);
    }),
  );
}

/** Half the time after which a server may be late. */
const INTERVAL_SECONDS = 30;

/** Lets them go on reporting until the signal aborts. */
export async function keepReporting(
  members: readonly Member[],
  { url, signal }: { readonly url: string; readonly signal: AbortSignal },
): Promise<void> {
  const servers = members.flatMap(({ started }) => started.laterReport ?? []);
  for (let seconds = INTERVAL_SECONDS; await pause(signal); seconds += INTERVAL_SECONDS) {
    await Promise.all(servers.map((laterReport) => send(laterReport(seconds), url)));
  }
}

/** Whether the next reports are due. */
async function pause(signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(INTERVAL_SECONDS, signal);
    return true;
  } catch (error) {
    if (!signal.aborted) throw error;
    return false;
  }
}

async function send({ server, token, body }: SentReport, url: string): Promise<void> {
  const response = await fetch(`${url}/reports/${server}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 204, await response.text());
}
