import type { Request, RequestHandler, Response } from "express";
import { codesOf } from "../catalogue/codes-of.ts";
import { negotiateFormat } from "../exposition/negotiate-format.ts";
import { renderReport } from "../exposition/probe-text.ts";
import { CONTENT_TYPES } from "../exposition/text-format.ts";
import type { Report } from "../outcome/report.ts";
import type { ProbeRequest } from "../runner/runner.ts";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import type { ConfigurationView } from "./configuration-view.ts";
import { debugText } from "./debug-text.ts";
import { probeTimeoutSeconds } from "./probe-timeout.ts";
import { type QueryParameters, queryParameters } from "./query-parameters.ts";
import { restingReport } from "./resting-report.ts";
import { sendText } from "./send-text.ts";
import { unprobedReport } from "./unprobed-report.ts";

/** The module of a probe that names none: as blackbox_exporter. */
const DEFAULT_MODULE = "http_2xx";

/**
 * `/probe?module=&target=`: runs one probe; `/probe?service=` runs that of a declared service. Always 200 with metrics,
 * so that whatever went wrong reaches Prometheus.
 */
export function serveProbe(dependencies: ApplicationDependencies): RequestHandler {
  return async (request, response) => {
    const configuration = dependencies.configuration();
    const parameter = queryParameters(request);
    const report = await answer(dependencies, { request, response, parameter, configuration });
    if (response.destroyed) return;
    if (parameter("debug") === "true") {
      sendText(response, {
        status: 200,
        text: debugText(report, { configuration, level: dependencies.probeLogLevel }),
      });
    } else {
      sendMetrics(response, { report, accept: request.headers.accept });
    }
  };
}

interface Asked {
  readonly request: Request;
  readonly response: Response;
  readonly parameter: QueryParameters;
  readonly configuration: ConfigurationView;
}

async function answer(dependencies: ApplicationDependencies, asked: Asked): Promise<Report> {
  const { request, parameter, configuration } = asked;
  const name = parameter("service");
  const service = name === "" ? undefined : configuration.services.get(name);
  const resting = service && restingReport(service, configuration);
  // No traffic, and no entry among the probes.
  if (resting !== undefined) return resting;
  if (service === undefined && name !== "") return remembered(dependencies, { report: unknown(name), configuration });
  const { runner, metrics, timeoutOffsetSeconds: offsetSeconds } = dependencies;
  const subject = service ?? subjectOf(parameter);
  metrics.probeStarted();
  const report = await runner.run(
    requestOf(subject, timeoutOf(request, { module: subject.module, configuration, offsetSeconds })),
    abortedByHangUp(asked.response),
  );
  metrics.probeEnded(report);
  if (service !== undefined) dependencies.services.record(service, report);
  dependencies.history.add(report, configuration);
  return report;
}

function unknown(name: string): Report {
  const detail = `Unknown service ${JSON.stringify(name.slice(0, 100))}`;
  return unprobedReport({ module: "", subject: "any", target: "", outcome: "request/unknown-prober", detail });
}

function remembered(
  { metrics, history }: ApplicationDependencies,
  { report, configuration }: { readonly report: Report; readonly configuration: ConfigurationView },
): Report {
  metrics.probeStarted();
  metrics.probeEnded(report);
  history.add(report, configuration);
  return report;
}

/** What to probe; an empty host name stands for none. */
interface Subject {
  readonly module: string;
  readonly target: string;
  readonly hostname: string;
}

type Limits = Pick<ProbeRequest, "timeoutSeconds" | "receivedAt">;

/** Picks what a runner is asked, for the request may go to another thread. */
function requestOf({ module, target, hostname }: Subject, limits: Limits): ProbeRequest {
  return { module, target, ...(hostname === "" ? {} : { hostname }), ...limits };
}

function subjectOf(parameter: QueryParameters): Subject {
  return {
    module: parameter("module") || DEFAULT_MODULE,
    target: parameter("target"),
    hostname: parameter("hostname"),
  };
}

function timeoutOf(
  request: Request,
  given: { readonly module: string; readonly configuration: ConfigurationView; readonly offsetSeconds: number },
): Limits {
  const header = request.headers["x-prometheus-scrape-timeout-seconds"];
  const timeoutSeconds = probeTimeoutSeconds({
    header: Array.isArray(header) ? header[0] : header,
    offsetSeconds: given.offsetSeconds,
    moduleSeconds: given.configuration.modules.get(given.module)?.timeoutSeconds,
  });
  return { timeoutSeconds, receivedAt: Date.now() };
}

/** A signal that aborts when the connection closes before it has the whole answer. */
function abortedByHangUp(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function sendMetrics(
  response: Response,
  { report, accept }: { readonly report: Report; readonly accept: string | undefined },
): void {
  const format = negotiateFormat(accept);
  response.setHeader("Content-Type", CONTENT_TYPES[format]);
  const text = renderReport(report, { codes: codesOf(report), format });
  // Text that is ASCII throughout, as nearly all is, is written without being turned into bytes first.
  response.end(text, Buffer.byteLength(text) === text.length ? "latin1" : "utf8");
}
