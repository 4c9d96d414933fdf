import { randomUUID } from "node:crypto";
import type { ErrorRequestHandler } from "express";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { sendText } from "./send-text.ts";

/** What no route caught: the log gets the stack, whoever asked gets a reference to it. */
export function createErrorHandler(log: ApplicationDependencies["log"]): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const reference = randomUUID();
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log("error", "Request failed", { reference, method: request.method, path: request.path, stack });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendText(response, { status: 500, text: `Internal error; the log has more under reference ${reference}` });
  };
}
