import { randomUUID } from "node:crypto";
import type { ErrorRequestHandler } from "express";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { sendText } from "./send-text.ts";

/**
 * What no route caught: the log gets the stack, whoever asked gets a reference to it. A path that Express cannot decode
 * is the fault of whoever asked, who could otherwise fill the log.
 */
export function createErrorHandler(log: ApplicationDependencies["log"]): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    if (error instanceof URIError && "status" in error && error.status === 400) {
      sendText(response, { status: 400, text: "The path is not encoded as RFC 3986 says" });
      return;
    }
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
