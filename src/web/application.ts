import express, { type Express, type RequestHandler } from "express";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { serveCodes } from "./codes.ts";
import { serveCodesJson } from "./codes-json.ts";
import { serveConfig } from "./config.ts";
import { serveHealthy, serveReady } from "./health.ts";
import { serveHome } from "./home.ts";
import { serveLogs } from "./logs.ts";
import { serveMetrics } from "./metrics.ts";
import { serveNotFound } from "./not-found.ts";
import { createErrorHandler } from "./on-error.ts";
import { serveProbe } from "./probe.ts";
import { refuseReload, serveReload } from "./reload.ts";
import { refuseReports, serveReports } from "./reports.ts";
import { sendText } from "./send-text.ts";
import { serveServices } from "./services.ts";

/**
 * The web application. It bounds nothing of the request itself: Node does, with 16 KiB for the request line and headers
 * together (431 beyond), and the one route that reads a body counts its bytes. That route, of servers' reports, knows its
 * senders by tokens of their own, so the guards are not asked.
 */
export function createApplication(dependencies: ApplicationDependencies): Express {
  const { paths, guards, log } = dependencies;
  const application = express();
  application.disable("x-powered-by");
  application.disable("etag");
  application.set("query parser", "simple");
  application.enable("strict routing");
  application.enable("case sensitive routing");
  application.use(setHeaders);
  application.route(`${paths.prefix}/reports/:name`).post(serveReports(dependencies)).all(refuseReports);
  for (const guard of guards) application.use(guard);
  addRoutes(application, dependencies);
  if (paths.prefix !== "") {
    application.get("/", redirectTo(paths.home, 302));
    application.get(paths.prefix, redirectTo(`${paths.prefix}/`, 301));
  }
  application.use(serveNotFound(dependencies));
  application.use(createErrorHandler(log));
  return application;
}

/** What every answer says: take it as the type it has, show it in no frame, load nothing, tell nobody whence. */
const setHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  next();
};

/** On the application itself, the probe's first: each router on the way would cost every probe its share. */
function addRoutes(application: Express, dependencies: ApplicationDependencies): void {
  const { configuration, version } = dependencies;
  const { prefix } = dependencies.paths;
  application.all(`${prefix}/probe`, serveProbe(dependencies));
  application.all(`${prefix}/-/healthy`, serveHealthy);
  application.all(`${prefix}/-/ready`, serveReady(dependencies.ready));
  application.route(`${prefix}/-/reload`).post(serveReload(dependencies.reload)).all(refuseReload);
  const pages = {
    "/": serveHome(dependencies),
    "/metrics": serveMetrics(dependencies),
    "/services": serveServices(dependencies),
    "/codes": serveCodes(version),
    "/codes.json": serveCodesJson(),
    "/config": serveConfig(configuration),
    "/logs": serveLogs(dependencies),
  };
  for (const [path, handler] of Object.entries(pages)) {
    application.route(`${prefix}${path}`).get(handler).all(refuseMethod);
  }
}

/** Pages are only read. */
const refuseMethod: RequestHandler = (_request, response) => {
  response.setHeader("Allow", "GET, HEAD");
  sendText(response, { status: 405, text: "Only GET and HEAD are served here" });
};

function redirectTo(location: string, status: 301 | 302): RequestHandler {
  return (_request, response) => response.redirect(status, location);
}
