import type { Kept, KeyValueNamespace } from "../../outcome/key-value-store.ts";
import type { ReportReceipt } from "../../outcome/report-receipt.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";
import type { ServerSettings } from "../../settings/server-settings.ts";
import type { Sample } from "./figures.ts";
import { KEPT_EVERY_SECONDS, ListeningClock } from "./listening-clock.ts";
import { readReport } from "./read-report.ts";

/** The last reports of a server. */
export interface Standing {
  readonly latest: Sample;
  readonly previous: Sample | undefined;
  /** For how long the exporter has been listening without a further report, in seconds. */
  readonly silentSeconds: number;
}

/** A report as it is kept: the text as it came, so that a newer version may find more in it. */
interface KeptReport {
  readonly text: string;
  readonly receivedAt: number;
  /** When it came, by the clock of listening, in seconds. */
  readonly heardAt: number;
}

/** A report that has been understood. */
interface Known {
  readonly kept: KeptReport;
  readonly sample: Sample;
}

interface Pair {
  readonly latest: Known;
  readonly previous: Known | undefined;
}

/** How far a server's clock may be ahead of ours: more than that, and its owner should hear of it. */
const CLOCK_SLACK_SECONDS = 60;

/** The last two reports of every server, as the store has them. */
export class ServerReports {
  readonly #environment: ServiceEnvironment;
  readonly #kept: KeyValueNamespace;
  readonly #clock: ListeningClock;
  /** What was understood of what is kept. */
  readonly #understood = new Map<string, { readonly kept: Kept; readonly pair: Pair | undefined }>();

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
    this.#kept = environment.store.namespace("server-reports");
    this.#clock = new ListeningClock(environment);
  }

  /** The servers of the configuration, by name. */
  get servers(): ReadonlyMap<string, ServerSettings> {
    return this.#environment.servers();
  }

  /** What each of the servers last reported, in their order; undefined where nothing ever was. */
  async standings(servers: readonly string[]): Promise<readonly (Standing | undefined)[]> {
    if (servers.length === 0) return [];
    const kept = await this.#kept.getMany(servers);
    const pairs = servers.map((server, index) => this.#understand(server, kept[index]));
    const silenceOf = await this.#silence(pairs);
    return pairs.map((pair) => pair && standingOf(pair, silenceOf(pair.latest.kept)));
  }

  /** Takes a report of a server that has proved who it is. It is kept before this says so. */
  async receive(server: string, text: string): Promise<ReportReceipt> {
    const read = readReport(text);
    if ("problem" in read) return { kind: "refused", reason: read.problem, detail: read.detail };
    const receivedAt = this.#environment.clock.now();
    const aheadSeconds = (read.sentAt ?? 0) - receivedAt / 1000;
    if (aheadSeconds > CLOCK_SLACK_SECONDS) {
      const detail = `The report is from the future: the clock of the server is ${Math.round(aheadSeconds)} s ahead`;
      return { kind: "refused", reason: "clock-ahead", detail };
    }
    const heardAt = await this.#clock.seconds();
    return this.#keep(server, { kept: { text, receivedAt, heardAt }, sample: { ...read, receivedAt } });
  }

  /**
   * Notes every few seconds, and at the end, for how long reports could come in: a restart must not forgive a silence
   * because nobody asked about it. Resolves when the signal aborts.
   */
  async keepCounting(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#pause(signal);
      const isListening = [...this.servers.values()].some(({ source }) => source.kind === "reports");
      if (isListening) await this.#clock.keep();
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    try {
      await this.#environment.clock.sleep(KEPT_EVERY_SECONDS, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #keep(server: string, latest: Known): Promise<ReportReceipt> {
    const isKept = await this.#kept.update(server, (before) => {
      const pair = pairAfter(this.#understand(server, before), latest);
      const value = [pair.latest, pair.previous].flatMap((known) => known?.kept ?? []);
      const kept = { value, keptAt: latest.kept.receivedAt };
      this.#understood.set(server, { kept, pair });
      return kept;
    });
    if (isKept) return { kind: "stored" };
    const detail = "The report cannot be kept now and would be lost at a restart, send it again later";
    return { kind: "refused", reason: "not-stored", detail };
  }

  /**
   * How long it is since a report, in seconds. Who only reads does not know for how long the exporter has been listening,
   * and goes by the time of day.
   */
  async #silence(pairs: readonly (Pair | undefined)[]): Promise<(report: KeptReport) => number> {
    if (this.#environment.access === "read") {
      const now = this.#environment.clock.now();
      return ({ receivedAt }) => (now - receivedAt) / 1000;
    }
    for (const pair of pairs) this.#clock.hear(pair?.latest.kept.heardAt ?? 0);
    const seconds = await this.#clock.seconds();
    return ({ heardAt }) => seconds - heardAt;
  }

  #understand(server: string, kept: Kept | undefined): Pair | undefined {
    if (kept === undefined) return undefined;
    const known = this.#understood.get(server);
    if (known?.kept === kept) return known.pair;
    const pair = readPair(kept.value);
    this.#understood.set(server, { kept, pair });
    return pair;
  }
}

function standingOf({ latest, previous }: Pair, silentSeconds: number): Standing {
  return { latest: latest.sample, previous: previous?.sample, silentSeconds: Math.max(0, silentSeconds) };
}

/** What is known once a further report came. */
function pairAfter(before: Pair | undefined, latest: Known): Pair {
  if (before === undefined) return { latest, previous: undefined };
  // A report that is sent again, because its acknowledgement was lost, must not take its own place as the one before.
  const { sentAt } = latest.sample;
  if (sentAt !== undefined && before.latest.sample.sentAt === sentAt) return { ...before, latest };
  return isOvertaken(latest, before.latest) ? before : { latest, previous: before.latest };
}

/** An agent waits no longer for an answer before it sends its next report, perhaps to another exporter. */
const OVERTAKEN_MILLISECONDS = 30_000;

/**
 * Whether a report was sent before one that is there already: by the server's clock, which may be set back, and by the
 * time it runs, which begins anew when it is restarted.
 */
function isOvertaken({ sample }: Known, { sample: newest }: Known): boolean {
  return (
    sample.receivedAt - newest.receivedAt < OVERTAKEN_MILLISECONDS &&
    isLess(sample.sentAt, newest.sentAt) &&
    isLess(sample.figures.uptimeSeconds, newest.figures.uptimeSeconds)
  );
}

function isLess(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one < other;
}

function readPair(value: unknown): Pair | undefined {
  const [latest, previous] = Array.isArray(value) ? value.map(understood) : [];
  return latest === undefined ? undefined : { latest, previous };
}

/** A kept report; undefined for what was kept by a version whose reports this one does not understand. */
function understood(kept: unknown): Known | undefined {
  if (!isKeptReport(kept)) return undefined;
  const read = readReport(kept.text);
  return "problem" in read ? undefined : { kept, sample: { ...read, receivedAt: kept.receivedAt } };
}

function isKeptReport(value: unknown): value is KeptReport {
  return (
    typeof value === "object" &&
    value !== null &&
    "text" in value &&
    typeof value.text === "string" &&
    "receivedAt" in value &&
    typeof value.receivedAt === "number" &&
    "heardAt" in value &&
    typeof value.heardAt === "number"
  );
}
