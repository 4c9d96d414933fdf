import type { RequestHandler } from "express";
import { negotiateFormat } from "../exposition/negotiate-format.ts";
import type { OwnMetrics } from "../exposition/own-metrics.ts";
import { CONTENT_TYPES } from "../exposition/text-format.ts";

/** `/metrics`: what the exporter tells about itself. */
export function serveMetrics(metrics: OwnMetrics): RequestHandler {
  return async (request, response) => {
    const format = negotiateFormat(request.headers.accept);
    const text = await metrics.render(format);
    response.setHeader("Content-Type", CONTENT_TYPES[format]);
    response.end(text);
  };
}
