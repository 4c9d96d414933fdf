import type { Fault, Settings, StartedFault } from "./fault.ts";

/** A fault that runs, with the name of its module in the fleet's configuration. */
export interface Member {
  readonly fault: Fault;
  readonly started: StartedFault;
  readonly module: string;
}

/** Faults that run, and a configuration with a module for each of them. */
export interface Fleet extends AsyncDisposable {
  readonly members: readonly Member[];
  /** The text of a configuration file: JSON, which is YAML. */
  readonly configuration: string;
}

/** Starts the faults' servers. */
export async function startFleet(faults: readonly Fault[]): Promise<Fleet> {
  await using starting = new AsyncDisposableStack();
  const members = await Promise.all(
    faults.map(async (fault) => {
      const started = await fault.start();
      starting.use(started.server);
      return { fault, started, module: moduleName(fault) };
    }),
  );
  const running = starting.move();
  return { members, configuration: configurationOf(members), [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** E.g. `http_a_redirect_to_itself`: unique, for the name of a fault is within its subject. */
function moduleName({ subject, name }: Fault): string {
  return `${subject} ${name}`.replaceAll(/\W+/gu, "_");
}

function configurationOf(members: readonly Member[]): string {
  const modules = members.flatMap(({ module, started }): readonly (readonly [string, Settings])[] =>
    started.module === undefined ? [] : [[module, started.module]],
  );
  const servers = Object.assign({}, ...members.map(({ started }) => started.servers ?? {}));
  return JSON.stringify({ modules: Object.fromEntries(modules), servers }, undefined, 2);
}
