import type { RequestHandler } from "express";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { html } from "./pages/html.ts";
import { sendPage } from "./pages/send-page.ts";

/** Any unknown path: 404. blackbox_exporter answers 200 with its home page, which hides a mistyped scrape path. */
export function serveNotFound({ paths, version }: Pick<ApplicationDependencies, "paths" | "version">): RequestHandler {
  const body = html`<p>Nothing is served under this path. Probes and their results are on the <a href="${paths.home}">home page</a>.</p>`;
  return (_request, response) =>
    sendPage(response, { status: 404, title: "Not found", body, home: paths.home, version });
}
