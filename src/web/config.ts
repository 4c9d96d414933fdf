import type { RequestHandler } from "express";
import type { ConfigurationView } from "./configuration-view.ts";
import { sendText } from "./send-text.ts";

/** `/config`: the configuration in use as YAML, secrets concealed. */
export function serveConfig(configuration: () => ConfigurationView): RequestHandler {
  return (_request, response) => sendText(response, { status: 200, text: configuration().text() });
}
