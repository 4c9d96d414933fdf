import type { FailureOf } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { Listing } from "./blacklists.ts";
import type { DomainRecord, Finding } from "./finding.ts";
import { stateOf } from "./statuses.ts";

/** What a finding is held against. Times in Unix seconds. */
export interface Judging {
  readonly name: string;
  readonly now: number;
  readonly manualExpiry: number | undefined;
  readonly transferLock: "required" | "optional";
  readonly listings: readonly { readonly zone: string; readonly listing: Listing | undefined }[];
}

/** Throws `ProbeFailure` with the gravest thing that is wrong with the domain. */
export function judgeFinding(finding: Finding, judging: Judging): void {
  if (finding.kind === "not-registered") {
    throw wrong("domain/not-registered", `${finding.server} says that ${judging.name} is not registered`);
  }
  judgeExpiry(finding.record, judging);
  const { suspended, transferLock } = stateOf(finding.record.statuses);
  if (suspended) throw wrong("domain/suspended", `${judging.name} is on hold (${finding.record.statuses.join(", ")})`);
  judgeListings(judging);
  if (judging.transferLock === "required" && !transferLock) {
    const found = finding.record.statuses.join(", ") || "no status at all";
    throw wrong(
      "domain/transfer-unprotected",
      `Expected a status that forbids the transfer of ${judging.name}, found ${found}`,
    );
  }
}

function judgeExpiry(record: DomainRecord, { name, now, manualExpiry }: Judging): void {
  const { redemption, pendingDelete } = stateOf(record.statuses);
  if (redemption || pendingDelete) {
    throw wrong("domain/expired", `${name} was deleted and waits for its end (${record.statuses.join(", ")})`);
  }
  const expiresAt = record.expiresAt ?? manualExpiry;
  if (expiresAt === undefined || expiresAt > now) return;
  const by = record.expiresAt === undefined ? " by the module's settings" : "";
  throw wrong("domain/expired", `${name} expired at ${new Date(expiresAt * 1000).toISOString()}${by}`);
}

function judgeListings({ name, listings }: Judging): void {
  for (const { zone, listing } of listings) {
    if (listing?.kind !== "listed") continue;
    throw wrong("domain/blacklisted", `${zone} lists ${name}: ${listing.meaning} (${listing.code})`);
  }
}

function wrong(outcome: FailureOf<"domain">, detail: string): ProbeFailure {
  return new ProbeFailure(outcome, { detail });
}
