import type { Request, RequestHandler } from "express";
import type { Service } from "../config/service-schema.ts";
import { concealUrlPassword } from "../probe/conceal-url-password.ts";
import type { ApplicationDependencies } from "./application-dependencies.ts";

/** A group of targets in the form of Prometheus' HTTP service discovery. */
interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * `/services`: the declared services for `http_sd_configs`. The address of each is this exporter, as whoever asks
 * reached it, and the parameter `service` says what to probe, so that a scrape needs no relabelling. A service that is
 * created or disabled is listed too: its answer says so.
 */
export function serveServices({
  configuration,
  paths,
}: Pick<ApplicationDependencies, "configuration" | "paths">): RequestHandler {
  return (request, response) => {
    const address = addressOf(request, paths.home);
    const groups = [...configuration().services.values()].map((service) =>
      groupOf(service, { address, path: `${paths.prefix}/probe` }),
    );
    response.setHeader("Content-Type", "application/json; charset=utf-8");
    response.end(JSON.stringify(groups));
  };
}

/** Where Prometheus is to scrape. */
interface Address {
  readonly host: string;
  readonly scheme: string;
}

/** The external URL's where there is one; else what the request was sent to. */
function addressOf(request: Request, home: string): Address {
  const external = URL.parse(home);
  if (external !== null) return { host: external.host, scheme: external.protocol.replace(":", "") };
  return { host: request.headers.host ?? "", scheme: request.secure ? "https" : "http" };
}

function groupOf(service: Service, where: { readonly address: Address; readonly path: string }): TargetGroup {
  return {
    targets: [where.address.host],
    labels: {
      __scheme__: where.address.scheme,
      __metrics_path__: where.path,
      __param_service: service.name,
      instance: concealUrlPassword(service.target),
      module: service.module,
      service: service.name,
      ...service.labels,
    },
  };
}
