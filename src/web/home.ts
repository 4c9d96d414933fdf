import type { RequestHandler } from "express";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { homePage } from "./pages/home-page.ts";
import { sendPage } from "./pages/send-page.ts";

/** `/`: a form to try a probe, and what the recent ones found. */
export function serveHome({
  configuration,
  history,
  version,
}: Pick<ApplicationDependencies, "configuration" | "history" | "version">): RequestHandler {
  return (_request, response) => {
    const body = homePage({ modules: configuration().modules, entries: history.entries() });
    sendPage(response, { status: 200, title: "Probes", body, home: "./", version });
  };
}
