import { Worker } from "node:worker_threads";
import type { Subject } from "../outcome/reachable.ts";
import type { Report } from "../outcome/report.ts";
import { concealUrlPassword } from "../probe/conceal-url-password.ts";
import { PROBERS } from "../probers/all.ts";
import type { Keeping } from "./create-services.ts";
import type { ProbeRequest, Runner } from "./runner.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-message.ts";

export interface ThreadPoolOptions {
  /** How many threads probe; the thread that serves requests is not one of them. */
  readonly threads: number;
  /** The configuration's text as it stands; read when a thread starts. */
  readonly configuration: () => string;
  /** The protocol of a module, for the report of a probe whose thread died. */
  readonly subjectOf: (module: string) => Subject;
  /** Told when a thread ends by itself. Its probes end as `local/defect`; the next probe starts another thread. */
  readonly onThreadLost: (reason: string) => void;
  /** Where stateful protocols keep what they learn; if absent, in the memory of their thread. */
  readonly keeping?: Keeping;
}

/** A runner in other threads, so that a slow scrape and a busy probe do not hold each other up. */
export interface ThreadPool extends Runner, AsyncDisposable {
  /** Gives the threads the configuration's new text: it holds for every probe that starts after the call. */
  configure(text: string): void;
}

/**
 * Bounds a thread's heap, so that a leak ends a thread and not the process; a thread with a thousand slow probes in flight
 * uses a fifth of it. The engine also lets a heap with a small bound grow less before it collects: without the second
 * figure, which bounds the space for what is young, garbage takes more than everything else together.
 */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 6 };

export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const threads = Array.from({ length: options.threads }, () => new ProbeThread(options));
  const [first] = threads;
  return {
    run(request, signal) {
      // Two threads would each ask the registry for the same domain, and keep its answer twice.
      if (first !== undefined && STATEFUL.has(options.subjectOf(request.module))) return first.run(request, signal);
      const idlest = threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
      return idlest.run(request, signal);
    },
    configure(text) {
      for (const thread of threads) thread.configure(text);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}

const STATEFUL: ReadonlySet<Subject> = new Set(
  PROBERS.filter(({ memory }) => memory === "stateful").map(({ protocol }) => protocol),
);

interface Pending {
  readonly request: ProbeRequest;
  readonly settle: (report: Report) => void;
}

/** One worker thread; where it was lost, the next probe starts another. */
class ProbeThread {
  readonly #options: ThreadPoolOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #nextId = 0;
  /** Whether its store cannot be used. */
  #hasStoreFault = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  get load(): number {
    return this.#pending.size;
  }

  configure(text: string): void {
    if (this.#worker !== undefined) this.#tell({ kind: "configure", text });
  }

  async run(request: ProbeRequest, signal: AbortSignal): Promise<Report> {
    const id = this.#nextId++;
    const onAbort = (): void => this.#tell({ kind: "cancel", id });
    const answer = new Promise<Report>((settle) => this.#pending.set(id, { request, settle }));
    this.#tell({ kind: "run", id, request });
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await answer;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #tell(message: ToThread): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(entry(), {
      resourceLimits: HEAP_LIMITS,
      workerData: { storage: this.#options.keeping?.storage ?? { kind: "memory" } } satisfies ThreadData,
    });
    worker.on("message", (message: FromThread) => this.#hear(message));
    worker.on("error", (error) => this.#lose(worker, error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => this.#lose(worker, `exit code ${code}`));
    worker.postMessage({ kind: "configure", text: this.#options.configuration() } satisfies ToThread);
    return worker;
  }

  #hear(message: FromThread): void {
    const observer = this.#options.keeping?.storeObserver;
    if (message.kind === "report") this.#settle(message.id, message.report);
    else if (message.kind === "store-fault") {
      this.#hasStoreFault ||= message.fault === "unavailable";
      observer?.onFault(message.fault, message.detail);
    } else this.#recoverStore();
  }

  #recoverStore(): void {
    if (this.#hasStoreFault) this.#options.keeping?.storeObserver.onRecovery();
    this.#hasStoreFault = false;
  }

  #settle(id: number, report: Report): void {
    this.#pending.get(id)?.settle(report);
    this.#pending.delete(id);
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#options.onThreadLost(reason);
    // What was wrong with its store went with it; the next thread's says so again.
    this.#recoverStore();
    for (const [id, { request }] of this.#pending) this.#settle(id, this.#lost(request, reason));
  }

  #lost(request: ProbeRequest, reason: string): Report {
    return {
      module: request.module,
      subject: this.#options.subjectOf(request.module),
      target: concealUrlPassword(request.target),
      outcome: "local/defect",
      detail: `The probe's thread ended: ${reason}`,
      httpStatus: undefined,
      startedAt: request.receivedAt,
      durationSeconds: Math.max(0, Date.now() - request.receivedAt) / 1000,
      timeoutSeconds: Number.isNaN(request.timeoutSeconds) ? 0 : request.timeoutSeconds,
      phases: [],
      measurements: [],
      log: [],
      cancelled: false,
    };
  }
}

/** Beside this file, in whichever form the exporter runs: TypeScript in development, JavaScript in a release. */
function entry(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);
}
