import type { ProbeContext } from "../../probe/prober.ts";
import type { DomainRecord, Finding } from "./finding.ts";
import type { Known } from "./refreshing-cache.ts";
import { stateOf } from "./statuses.ts";
import type { Domain } from "./target.ts";

export interface Measuring {
  readonly domain: Domain;
  /** The module's own word, in Unix seconds. */
  readonly manualExpiry: number | undefined;
  readonly known: Known<Finding>;
  /** Unix milliseconds. */
  readonly now: number;
  readonly context: ProbeContext;
}

/** Measures what is known of a domain; what the registry does not publish is absent. */
export function measureFinding(measuring: Measuring): void {
  const { known, now, context, manualExpiry } = measuring;
  const { answer, failure } = known;
  const record = answer?.value.kind === "registered" ? answer.value.record : undefined;
  context.measure("probe_domain_lookup_failures", failure?.count ?? 0);
  if (answer !== undefined) {
    context.measure("probe_domain_registered", record === undefined ? 0 : 1);
    context.measure("probe_domain_answer_age_seconds", Math.max(0, now - answer.answeredAt) / 1000);
  }
  if (record !== undefined) measureRecord(record, measuring);
  else if (answer?.value.kind === "not-registered") measureSource(answer.value, context);
  const isManual = record?.expiresAt === undefined && answer?.value.kind !== "not-registered";
  if (manualExpiry !== undefined && isManual) {
    context.measure("probe_domain_expiry_timestamp_seconds", manualExpiry);
    context.measure("probe_domain_expiry_source_info", 1, { source: "manual" });
  }
}

function measureRecord(record: DomainRecord, { domain, context }: Measuring): void {
  measureSource(record, context);
  context.measure("probe_domain_info", 1, {
    domain: domain.name,
    unicode: domain.unicode,
    registrar: record.registrar ?? "",
    registrar_iana_id: record.registrarIanaId ?? "",
  });
  measureDates(record, context);
  measureStatuses(record, context);
  context.measure("probe_domain_name_servers", record.nameServers.length);
  for (const name of record.nameServers) context.measure("probe_domain_name_server_info", 1, { name_server: name });
  if (record.dnssec !== undefined) context.measure("probe_domain_dnssec_signed", record.dnssec ? 1 : 0);
}

function measureSource(
  { source, server }: { readonly source: string; readonly server: string },
  context: ProbeContext,
): void {
  context.measure("probe_domain_source_info", 1, { source, server });
}

function measureDates(record: DomainRecord, context: ProbeContext): void {
  const { expiresAt, source } = record;
  context.measure("probe_domain_expiry_published", expiresAt === undefined ? 0 : 1);
  if (expiresAt !== undefined) context.measure("probe_domain_expiry_source_info", 1, { source });
  const dates = {
    probe_domain_expiry_timestamp_seconds: expiresAt,
    probe_domain_registrar_expiry_timestamp_seconds: record.registrarExpiresAt,
    probe_domain_registration_timestamp_seconds: record.registeredAt,
    probe_domain_last_change_timestamp_seconds: record.changedAt,
  } as const;
  for (const name of DATES) {
    const seconds = dates[name];
    if (seconds !== undefined) context.measure(name, seconds);
  }
}

const DATES = [
  "probe_domain_expiry_timestamp_seconds",
  "probe_domain_registrar_expiry_timestamp_seconds",
  "probe_domain_registration_timestamp_seconds",
  "probe_domain_last_change_timestamp_seconds",
] as const;

/** Many registries publish no status at all: of those, nothing is said rather than that there is no lock. */
function measureStatuses({ statuses }: DomainRecord, context: ProbeContext): void {
  if (statuses.length === 0) return;
  for (const status of statuses) context.measure("probe_domain_status_info", 1, { status });
  const state = stateOf(statuses);
  context.measure("probe_domain_transfer_lock", Number(state.transferLock));
  context.measure("probe_domain_registry_lock", Number(state.registryLock));
  context.measure("probe_domain_suspended", Number(state.suspended));
  context.measure("probe_domain_inactive", Number(state.inactive));
  context.measure("probe_domain_pending_delete", Number(state.pendingDelete));
  context.measure("probe_domain_pending_transfer", Number(state.pendingTransfer));
  context.measure("probe_domain_redemption", Number(state.redemption));
  context.measure("probe_domain_auto_renew_grace", Number(state.autoRenewGrace));
}
