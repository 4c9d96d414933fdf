import type { RequestHandler } from "express";
import { negotiateFormat } from "../exposition/negotiate-format.ts";
import { serverText } from "../exposition/server-text.ts";
import { serviceText } from "../exposition/service-text.ts";
import { CONTENT_TYPES } from "../exposition/text-format.ts";
import type { ApplicationDependencies } from "./application-dependencies.ts";

/** `/metrics`: what the exporter tells about itself, and how the declared services and servers stand. */
export function serveMetrics({
  metrics,
  services,
  serverStatuses,
  configuration,
}: Pick<ApplicationDependencies, "metrics" | "services" | "serverStatuses" | "configuration">): RequestHandler {
  return async (request, response) => {
    const format = negotiateFormat(request.headers.accept);
    const servers = serverText(await serverStatuses(), format);
    const text = serviceText(services.statuses(configuration()), format) + servers + (await metrics.render(format));
    response.setHeader("Content-Type", CONTENT_TYPES[format]);
    response.end(text);
  };
}
