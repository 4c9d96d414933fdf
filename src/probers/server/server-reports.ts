import type { KeyValueNamespace } from "../../outcome/key-value-store.ts";
import type { ReportReceipt } from "../../outcome/report-receipt.ts";
import type { ServiceEnvironment } from "../../probe/services.ts";
import type { ServerSettings } from "../../settings/server-settings.ts";
import type { Sample } from "./figures.ts";
import { ListeningClock } from "./listening-clock.ts";
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

/** The last two reports of every server, in memory and in the store. */
export class ServerReports {
  readonly #environment: ServiceEnvironment;
  readonly #kept: KeyValueNamespace;
  readonly #clock: ListeningClock;
  readonly #pairs = new Map<string, Pair>();

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
    this.#kept = environment.store.namespace("server-reports");
    this.#clock = new ListeningClock(environment);
  }

  /** The servers of the configuration, by name. */
  get servers(): ReadonlyMap<string, ServerSettings> {
    return this.#environment.servers();
  }

  /** What was last reported; undefined where nothing ever was. */
  standing(server: string): Standing | undefined {
    const pair = this.#pairOf(server);
    if (pair === undefined) return undefined;
    const silentSeconds = Math.max(0, this.#clock.seconds() - pair.latest.kept.heardAt);
    return { latest: pair.latest.sample, previous: pair.previous?.sample, silentSeconds };
  }

  /** Takes a report of a server that has proved who it is. It is kept before this says so. */
  receive(server: string, text: string): ReportReceipt {
    const read = readReport(text);
    if ("problem" in read) return { kind: "refused", reason: read.problem, detail: read.detail };
    const receivedAt = this.#environment.clock.now();
    const aheadSeconds = (read.sentAt ?? 0) - receivedAt / 1000;
    if (aheadSeconds > CLOCK_SLACK_SECONDS) {
      const detail = `The report is from the future: the clock of the server is ${Math.round(aheadSeconds)} s ahead`;
      return { kind: "refused", reason: "clock-ahead", detail };
    }
    const known = { kept: { text, receivedAt, heardAt: this.#clock.seconds() }, sample: { ...read, receivedAt } };
    return this.#keep(server, known);
  }

  #keep(server: string, latest: Known): ReportReceipt {
    const before = this.#pairOf(server);
    // A report that is sent again, because its acknowledgement was lost, must not take its own place as the one before.
    const isRepeated = latest.sample.sentAt !== undefined && before?.latest.sample.sentAt === latest.sample.sentAt;
    const pair = isRepeated ? { ...before, latest } : { latest, previous: before?.latest };
    this.#pairs.set(server, pair);
    const value = [pair.latest, pair.previous].flatMap((known) => known?.kept ?? []);
    if (this.#kept.put(server, { value, keptAt: latest.kept.receivedAt })) return { kind: "stored" };
    const detail = "The report cannot be kept now and would be lost at a restart, send it again later";
    return { kind: "refused", reason: "not-stored", detail };
  }

  #pairOf(server: string): Pair | undefined {
    const known = this.#pairs.get(server);
    if (known !== undefined) return known;
    const read = readPair(this.#kept.get(server)?.value);
    if (read !== undefined) this.#pairs.set(server, read);
    return read;
  }
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
