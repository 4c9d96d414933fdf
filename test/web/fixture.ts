import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import { createOwnMetrics } from "../../src/exposition/own-metrics.ts";
import type { Report } from "../../src/outcome/report.ts";
import type { ProbeRequest, Runner } from "../../src/runner/runner.ts";
import { createApplication } from "../../src/web/application.ts";
import type { ApplicationDependencies } from "../../src/web/application-dependencies.ts";
import type { ConfigurationView } from "../../src/web/configuration-view.ts";
import { History } from "../../src/web/history.ts";
import { ServiceBoard } from "../../src/web/service-board.ts";

export const CONFIGURATION: ConfigurationView = {
  modules: new Map([
    ["http_2xx", { protocol: "http", timeoutSeconds: undefined }],
    ["quick", { protocol: "http", timeoutSeconds: 1.5 }],
  ]),
  services: new Map(),
  servers: new Map(),
  text: () => "modules:\n  http_2xx:\n    prober: http\n",
  moduleText: (name) => (name === "http_2xx" ? "prober: http\nhttp:\n  bearer_token: <secret>\n" : undefined),
};

export function makeReport(changes: Partial<Report> = {}): Report {
  return {
    module: "http_2xx",
    subject: "http",
    target: "https://example.com",
    outcome: "success",
    detail: "",
    httpStatus: 200,
    startedAt: Date.UTC(2025, 10, 22, 12, 30, 5, 250),
    durationSeconds: 0.25,
    timeoutSeconds: 9.5,
    phases: [],
    measurements: [],
    log: [],
    cancelled: false,
    ...changes,
  };
}

/** A runner that remembers what it was asked and answers as told. */
export class FakeRunner implements Runner {
  readonly requests: ProbeRequest[] = [];
  answer: (request: ProbeRequest, signal: AbortSignal) => Report | Promise<Report> = ({ module, target }) =>
    makeReport({ module, target });

  async run(request: ProbeRequest, signal: AbortSignal): Promise<Report> {
    this.requests.push(request);
    return this.answer(request, signal);
  }
}

export interface Served {
  readonly url: string;
  readonly runner: FakeRunner;
  readonly dependencies: ApplicationDependencies;
  readonly logged: { readonly level: string; readonly message: string; readonly fields: unknown }[];
}

/** The application on a port of its own, closed when the test ends. */
export async function serve(context: TestContext, changes: Partial<ApplicationDependencies> = {}): Promise<Served> {
  const runner = new FakeRunner();
  const logged: Served["logged"] = [];
  const dependencies: ApplicationDependencies = {
    version: "1.2.3",
    paths: { prefix: "", home: "/" },
    guards: [],
    runner,
    metrics: createOwnMetrics({
      version: "1.2.3",
      nodeVersion: "24.0.0",
      codes: documentedCodes(),
      icmpMethod: "none",
      lastReload: () => ({ successful: true, succeededAt: 0 }),
    }),
    history: new History(10),
    services: new ServiceBoard(),
    serverStatuses: async () => [],
    reports: { receive: async () => ({ kind: "stored" }) },
    configuration: () => CONFIGURATION,
    reload: async () => [],
    ready: () => true,
    timeoutOffsetSeconds: 0.5,
    probeLogLevel: "debug",
    log: (level, message, fields) => logged.push({ level, message, fields }),
    ...changes,
  };
  const server = createServer(createApplication(dependencies));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, runner, dependencies, logged };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("Server has no port");
  return address.port;
}
