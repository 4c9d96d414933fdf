import type { ServiceEnvironment } from "../../probe/services.ts";
import type { Figures, Sample } from "./figures.ts";

/** What the node_exporters said last: counters say something only when they are compared. Bounded by the servers. */
export class NodeExporterSamples {
  readonly #environment: ServiceEnvironment;
  readonly #last = new Map<string, Sample>();

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
  }

  /** When a server last said something, in Unix milliseconds; undefined where it never did. */
  answeredAt(server: string): number | undefined {
    return this.#last.get(server)?.receivedAt;
  }

  /** Remembers what a server said just now, and gives what it said the time before. */
  exchange(server: string, figures: Figures): { readonly latest: Sample; readonly previous: Sample | undefined } {
    const previous = this.#last.get(server);
    const latest = { receivedAt: this.#environment.clock.now(), sentAt: undefined, figures };
    this.#last.set(server, latest);
    return { latest, previous };
  }
}
