import type { RequestHandler } from "express";
import { sendText } from "./send-text.ts";

/** `POST /-/reload`: 200 and nothing else where the configuration is in use now; 500 with what is wrong with it. */
export function serveReload(reload: () => Promise<readonly string[]>): RequestHandler {
  return async (_request, response) => {
    const problems = await reload();
    if (problems.length === 0) {
      response.end();
    } else {
      sendText(response, { status: 500, text: `failed to reload config: ${problems.join("\n")}` });
    }
  };
}

/** What any other method gets. */
export const refuseReload: RequestHandler = (_request, response) => {
  response.setHeader("Allow", "POST");
  sendText(response, { status: 405, text: "This endpoint requires a POST request." });
};
