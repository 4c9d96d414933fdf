import { isMainThread, type MessagePort, parentPort } from "node:worker_threads";
import { loadConfiguration } from "../config/load-configuration.ts";
import { createNetwork } from "../network/create-network.ts";
import type { Module } from "../probe/prober.ts";
import { PROBERS } from "../probers/all.ts";
import { createLocalRunner } from "./local-runner.ts";
import type { FromThread, ToThread } from "./thread-message.ts";

/** The entry of a probe thread: it probes what its pool asks, until the pool ends it. */
function serve(port: MessagePort): void {
  let modules: ReadonlyMap<string, Module> = new Map();
  const runner = createLocalRunner({ modules: () => modules, network: createNetwork() });
  const running = new Map<number, AbortController>();
  port.on("message", (message: ToThread) => {
    if (message.kind === "configure") modules = modulesOf(message.text);
    else if (message.kind === "cancel") running.get(message.id)?.abort();
    else void answer(message);
  });

  async function answer({ id, request }: Extract<ToThread, { kind: "run" }>): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const report = await runner.run(request, controller.signal);
    running.delete(id);
    port.postMessage({ id, report } satisfies FromThread);
  }
}

function modulesOf(text: string): ReadonlyMap<string, Module> {
  const loaded = loadConfiguration(text, PROBERS);
  if ("problems" in loaded) throw new Error(`The pool sent an invalid configuration: ${loaded.problems.join("; ")}`);
  return loaded.modules;
}

if (!isMainThread && parentPort !== null) serve(parentPort);
