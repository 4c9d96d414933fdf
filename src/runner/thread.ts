import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import { loadConfiguration } from "../config/load-configuration.ts";
import { createNetwork } from "../network/create-network.ts";
import type { Module } from "../probe/prober.ts";
import { PROBERS } from "../probers/all.ts";
import { createServices } from "./create-services.ts";
import { createLocalRunner } from "./local-runner.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-message.ts";

/** The entry of a probe thread: it probes what its pool asks, until the pool ends it. */
function serve(port: MessagePort, { storage }: ThreadData): void {
  let modules: ReadonlyMap<string, Module> = new Map();
  let ready = Promise.resolve();
  const network = createNetwork();
  const tell = (message: FromThread): void => port.postMessage(message);
  const services = createServices(network, {
    storage,
    storeObserver: {
      onFault: (fault, detail) => tell({ kind: "store-fault", fault, detail }),
      onRecovery: () => tell({ kind: "store-recovery" }),
    },
  });
  const runner = createLocalRunner({ modules: () => modules, network, services });
  const running = new Map<number, AbortController>();
  port.on("message", (message: ToThread) => {
    if (message.kind === "configure") {
      modules = modulesOf(message.text);
      ready = loadProbers(modules);
    } else if (message.kind === "cancel") running.get(message.id)?.abort();
    else void answer(message);
  });

  async function answer({ id, request }: Extract<ToThread, { kind: "run" }>): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    await ready;
    const report = await runner.run(request, controller.signal);
    running.delete(id);
    tell({ kind: "report", id, report });
  }
}

/** What the modules need to probe is loaded before the first of them does: no probe is slow because it is the first. */
async function loadProbers(modules: ReadonlyMap<string, Module>): Promise<void> {
  const protocols = new Set([...modules.values()].map(({ protocol }) => protocol));
  await Promise.all(PROBERS.filter(({ protocol }) => protocols.has(protocol)).map((prober) => prober.load()));
}

function modulesOf(text: string): ReadonlyMap<string, Module> {
  const loaded = loadConfiguration(text, PROBERS);
  if ("problems" in loaded) throw new Error(`The pool sent an invalid configuration: ${loaded.problems.join("; ")}`);
  return loaded.modules;
}

/** Only the pool starts this file, and it gives what it says. */
function isThreadData(data: unknown): data is ThreadData {
  return typeof data === "object" && data !== null && "storage" in data;
}

if (!isMainThread && parentPort !== null && isThreadData(workerData)) serve(parentPort, workerData);
