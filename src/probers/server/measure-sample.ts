import type { ProbeContext } from "../../probe/prober.ts";
import { LOAD_PERIODS } from "../../settings/server-settings.ts";
import type { Figures } from "./figures.ts";
import type { Judgement } from "./judge.ts";
import type { Usage } from "./usage.ts";

type Measure = ProbeContext["measure"];

/** Measures all that a report tells. */
export function measureFigures(
  { figures, usage }: { readonly figures: Figures; readonly usage: Usage },
  measure: Measure,
): void {
  const { identity, uptimeSeconds, load, cpu } = figures;
  measure("probe_server_info", 1, {
    hostname: identity.hostname,
    operating_system: identity.operatingSystem,
    kernel: identity.kernel,
    agent: identity.agent,
  });
  if (uptimeSeconds !== undefined) measure("probe_server_uptime_seconds", uptimeSeconds);
  if (load !== undefined) for (const period of LOAD_PERIODS) measure("probe_server_load", load[period], { period });
  if (cpu?.count !== undefined) measure("probe_server_cpus", cpu.count);
  if (usage.cpuRatio !== undefined) measure("probe_server_cpu_usage_ratio", usage.cpuRatio);
  measureMemory(figures, usage, measure);
  measureStorage(figures, usage, measure);
  for (const { device, receive, transmit } of usage.network) {
    measure("probe_server_network_receive_bytes_per_second", receive, { device });
    measure("probe_server_network_transmit_bytes_per_second", transmit, { device });
  }
}

function measureMemory({ memory, swap }: Figures, usage: Usage, measure: Measure): void {
  if (memory !== undefined) {
    measure("probe_server_memory_total_bytes", memory.totalBytes);
    measure("probe_server_memory_available_bytes", memory.availableBytes);
  }
  if (usage.memoryRatio !== undefined) measure("probe_server_memory_usage_ratio", usage.memoryRatio);
  if (swap !== undefined) measure("probe_server_swap_total_bytes", swap.totalBytes);
  if (usage.swapRatio !== undefined) measure("probe_server_swap_usage_ratio", usage.swapRatio);
}

function measureStorage({ fileSystems }: Figures, usage: Usage, measure: Measure): void {
  for (const { mountpoint, sizeBytes, availableBytes } of fileSystems) {
    measure("probe_server_storage_size_bytes", sizeBytes, { mountpoint });
    measure("probe_server_storage_available_bytes", availableBytes, { mountpoint });
  }
  for (const { mountpoint, ratio } of usage.storage) measure("probe_server_storage_usage_ratio", ratio, { mountpoint });
}

/** Measures the limits, and which of them are exceeded. */
export function measureJudgements(judgements: readonly Judgement[], measure: Measure): void {
  for (const { threshold, limit, exceeded } of judgements) {
    measure("probe_server_threshold", limit, { threshold });
    if (exceeded !== undefined) measure("probe_server_threshold_exceeded", exceeded ? 1 : 0, { threshold });
  }
}
