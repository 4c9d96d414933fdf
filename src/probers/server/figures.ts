import type { LoadPeriod } from "../../settings/server-settings.ts";

/** What is known of a server at one moment, whoever told it. What it did not tell is undefined, or not in its list. */
export interface Figures {
  readonly identity: Identity;
  readonly uptimeSeconds: number | undefined;
  readonly load: Readonly<Record<LoadPeriod, number>> | undefined;
  readonly cpu: CpuFigures | undefined;
  readonly memory: MemoryFigures | undefined;
  readonly swap: SwapFigures | undefined;
  readonly fileSystems: readonly FileSystemFigures[];
  readonly network: readonly DeviceFigures[];
}

/** Empty where the server does not say. */
interface Identity {
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly kernel: string;
  readonly agent: string;
}

interface CpuFigures {
  readonly count: number | undefined;
  /** Seconds of all processors together since the server started, and those of them that were idle. */
  readonly counters: { readonly totalSeconds: number; readonly idleSeconds: number } | undefined;
}

interface MemoryFigures {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

interface SwapFigures {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

export interface FileSystemFigures {
  readonly mountpoint: string;
  readonly sizeBytes: number;
  /** Not in use, including what is reserved for the superuser. */
  readonly freeBytes: number;
  /** What users may still fill. */
  readonly availableBytes: number;
}

/** Counters since the device was made, which begin anew at a restart. */
interface DeviceFigures {
  readonly device: string;
  readonly receiveBytes: number;
  readonly transmitBytes: number;
}

/** Figures and when they were taken: Unix milliseconds by our clock, and Unix seconds by the server's. */
export interface Sample {
  readonly receivedAt: number;
  readonly sentAt: number | undefined;
  readonly figures: Figures;
}
