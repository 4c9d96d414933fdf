import type { Fault, Settings, StartedFault } from "./fault.ts";

/** A fault that runs, with the name of its module in the fleet's configuration. */
export interface Member {
  readonly fault: Fault;
  readonly started: StartedFault;
  readonly module: string;
}

/** Faults that run, and a configuration with a module and a service for each of them. */
export interface Fleet extends AsyncDisposable {
  readonly members: readonly Member[];
  /** The text of a configuration file: JSON, which is YAML. */
  readonly configuration: string;
}

/** What a configuration is to hold beside what the faults need. */
export interface Besides {
  readonly modules?: Settings;
  readonly servers?: Settings;
  readonly services?: readonly Settings[];
}

/** Starts the faults' servers. */
export async function startFleet(faults: readonly Fault[], besides: Besides = {}): Promise<Fleet> {
  await using starting = new AsyncDisposableStack();
  // All are waited for, for one that starts after another could not would never be ended.
  const starts = await Promise.allSettled(
    faults.map(async (fault) => {
      const started = await fault.start();
      starting.use(started.server);
      return { fault, started, module: moduleName(fault) };
    }),
  );
  const members = starts.map((start) => {
    if (start.status === "rejected") throw start.reason;
    return start.value;
  });
  const running = starting.move();
  return {
    members,
    configuration: configurationOf(members, besides),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** E.g. `http_a_redirect_to_itself`: unique, for the name of a fault is within its subject. */
function moduleName({ subject, name }: Fault): string {
  return `${subject} ${name}`.replaceAll(/\W+/gu, "_");
}

function configurationOf(members: readonly Member[], besides: Besides): string {
  const modules = members.flatMap(({ module, started }): readonly (readonly [string, Settings])[] =>
    started.module === undefined ? [] : [[module, started.module]],
  );
  const servers = Object.assign({}, ...members.map(({ started }) => started.servers ?? {}));
  const configuration = {
    modules: { ...Object.fromEntries(modules), ...besides.modules },
    servers: { ...servers, ...besides.servers },
    services: [...members.filter(isDeclarable).map(serviceOf), ...(besides.services ?? [])],
  };
  return JSON.stringify(configuration, undefined, 2);
}

/**
 * Whether a fault shows when Prometheus probes it as a service. Faults of the scrape itself, of what a configuration
 * may not say, and of an exporter in trouble do not.
 */
function isDeclarable({ fault, started: { target, module, servers, scrapeTimeout } }: Member): boolean {
  if (fault.exporter !== undefined || module === undefined || target === "" || scrapeTimeout !== undefined)
    return false;
  return fault.subject !== "server" || Object.hasOwn(servers ?? {}, target);
}

function serviceOf({ fault, started, module }: Member): Settings {
  const name = `${fault.subject}: ${fault.name}`;
  // All targets are on one machine. Alerts of one host come together and stand for each other: these shall not.
  return { name, module, target: started.target, labels: { instance: name } };
}
