import type { Service } from "../config/service-schema.ts";
import type { Report } from "../outcome/report.ts";
import type { ServiceStatus } from "../outcome/service-status.ts";
import { concealUrlPassword } from "../probe/conceal-url-password.ts";
import type { ConfigurationView } from "./configuration-view.ts";

type Ending = Pick<ServiceStatus, "subject" | "outcome" | "httpStatus" | "probedAt">;

/** What was probed under a service's name: after a reload the name may stand for something else. */
interface Last {
  readonly probed: string;
  readonly ending: Ending;
}

/** The last outcome of every declared service. Bounded: what is not declared any more is forgotten. */
export class ServiceBoard {
  readonly #last = new Map<string, Last>();

  /** Notes what a probe of the service found; one that nobody waited for says nothing about it. */
  record(service: Service, { subject, outcome, httpStatus, startedAt, cancelled }: Report): void {
    if (cancelled) return;
    const ending = { subject, outcome, httpStatus, probedAt: startedAt };
    this.#last.set(service.name, { probed: probedOf(service), ending });
  }

  /** Every declared service with how it stands, in the order of the file. */
  statuses({ services, modules }: Pick<ConfigurationView, "services" | "modules">): readonly ServiceStatus[] {
    if (this.#last.size > services.size) this.#forget(services);
    return [...services.values()].map((service) =>
      statusOf(service, this.#endingOf(service) ?? resting(service, modules)),
    );
  }

  #endingOf(service: Service): Ending | undefined {
    if (service.state !== "active") return undefined;
    const last = this.#last.get(service.name);
    return last?.probed === probedOf(service) ? last.ending : undefined;
  }

  #forget(services: ConfigurationView["services"]): void {
    for (const name of this.#last.keys()) if (!services.has(name)) this.#last.delete(name);
  }
}

function statusOf({ name, module, target }: Service, ending: Ending): ServiceStatus {
  return { service: name, module, target: concealUrlPassword(target), ...ending };
}

function probedOf({ module, target, hostname }: Service): string {
  return JSON.stringify([module, target, hostname]);
}

function resting({ state, module }: Service, modules: ConfigurationView["modules"]): Ending {
  const outcome = state === "active" ? "state/pending" : (`state/${state}` as const);
  return { outcome, subject: modules.get(module)?.protocol ?? "any", httpStatus: undefined, probedAt: undefined };
}
