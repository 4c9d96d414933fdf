import type { RequestHandler } from "express";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { homePage } from "./pages/home-page.ts";
import { sendPage } from "./pages/send-page.ts";

/** `/`: a form to try a probe, what the recent ones found, and the declared services. */
export function serveHome({
  configuration,
  history,
  services,
  version,
}: Pick<ApplicationDependencies, "configuration" | "history" | "services" | "version">): RequestHandler {
  return (_request, response) => {
    const { modules, services: declared } = configuration();
    const statuses = services.statuses({ modules, services: declared });
    const body = homePage({ modules, entries: history.entries(), statuses });
    sendPage(response, { status: 200, title: "Probes", body, home: "./", version });
  };
}
