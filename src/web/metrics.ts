import type { RequestHandler } from "express";
import { negotiateFormat } from "../exposition/negotiate-format.ts";
import { serviceText } from "../exposition/service-text.ts";
import { CONTENT_TYPES } from "../exposition/text-format.ts";
import type { ApplicationDependencies } from "./application-dependencies.ts";

/** `/metrics`: what the exporter tells about itself, and how the declared services stand. */
export function serveMetrics({
  metrics,
  services,
  configuration,
}: Pick<ApplicationDependencies, "metrics" | "services" | "configuration">): RequestHandler {
  return async (request, response) => {
    const format = negotiateFormat(request.headers.accept);
    const declared = serviceText(services.statuses(configuration()), format);
    const text = declared + (await metrics.render(format));
    response.setHeader("Content-Type", CONTENT_TYPES[format]);
    response.end(text);
  };
}
