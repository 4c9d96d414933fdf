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
import { queryParameter } from "./query-parameter.ts";
import { sendText } from "./send-text.ts";

/** The module of a probe that names none: as blackbox_exporter. */
const DEFAULT_MODULE = "http_2xx";

/** `/probe?module=&target=`: runs one probe. Always 200 with metrics, so that whatever went wrong reaches Prometheus. */
export function serveProbe(dependencies: ApplicationDependencies): RequestHandler {
  const { runner, metrics, history } = dependencies;
  return async (request, response) => {
    const configuration = dependencies.configuration();
    const asked = readProbeRequest(request, { configuration, offsetSeconds: dependencies.timeoutOffsetSeconds });
    metrics.probeStarted();
    const report = await runner.run(asked, abortedByHangUp(response));
    metrics.probeEnded(report);
    history.add(report, configuration);
    if (response.destroyed) return;
    if (queryParameter(request, "debug") === "true") {
      sendText(response, {
        status: 200,
        text: debugText(report, { configuration, level: dependencies.probeLogLevel }),
      });
    } else {
      sendMetrics(response, { report, accept: request.headers.accept });
    }
  };
}

function readProbeRequest(
  request: Request,
  given: { readonly configuration: ConfigurationView; readonly offsetSeconds: number },
): ProbeRequest {
  const module = queryParameter(request, "module") || DEFAULT_MODULE;
  const hostname = queryParameter(request, "hostname");
  const header = request.headers["x-prometheus-scrape-timeout-seconds"];
  const timeoutSeconds = probeTimeoutSeconds({
    header: Array.isArray(header) ? header[0] : header,
    offsetSeconds: given.offsetSeconds,
    moduleSeconds: given.configuration.modules.get(module)?.timeoutSeconds,
  });
  return {
    module,
    target: queryParameter(request, "target"),
    ...(hostname === "" ? {} : { hostname }),
    timeoutSeconds,
    receivedAt: Date.now(),
  };
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
  response.end(renderReport(report, { codes: codesOf(report), format }));
}
