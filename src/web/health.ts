import type { RequestHandler } from "express";
import { sendText } from "./send-text.ts";

/** `/-/healthy`: the process answers. */
export const serveHealthy: RequestHandler = (_request, response) => {
  sendText(response, { status: 200, text: "Healthy" });
};

/** `/-/ready`: whether probes can be run; 503 while starting or stopping. */
export function serveReady(ready: () => boolean): RequestHandler {
  return (_request, response) =>
    sendText(response, ready() ? { status: 200, text: "Ready" } : { status: 503, text: "Not ready" });
}
