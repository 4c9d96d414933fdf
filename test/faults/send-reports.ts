import assert from "node:assert/strict";
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

async function send({ server, token, body }: SentReport, url: string): Promise<void> {
  const response = await fetch(`${url}/reports/${server}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 204, await response.text());
}
