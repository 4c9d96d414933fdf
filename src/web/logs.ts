import type { RequestHandler } from "express";
import { concealUrlPassword } from "../probe/conceal-url-password.ts";
import type { ApplicationDependencies } from "./application-dependencies.ts";
import { debugText } from "./debug-text.ts";
import type { History, HistoryEntry } from "./history.ts";
import { queryParameters } from "./query-parameters.ts";
import { sendText } from "./send-text.ts";

/** `/logs?id=` or `/logs?target=[&module=]`: a remembered probe as `debug=true` would have shown it. */
export function serveLogs({
  history,
  probeLogLevel,
}: Pick<ApplicationDependencies, "history" | "probeLogLevel">): RequestHandler {
  return (request, response) => {
    const parameter = queryParameters(request);
    const id = parameter("id");
    const target = parameter("target");
    const module = parameter("module");
    const found = find(history, { id, target, module });
    if ("text" in found) {
      sendText(response, found);
    } else {
      const { report, configuration } = found;
      sendText(response, { status: 200, text: debugText(report, { configuration, level: probeLogLevel }) });
    }
  };
}

function find(
  history: History,
  { id, target, module }: { readonly id: string; readonly target: string; readonly module: string },
): HistoryEntry | { readonly status: 400 | 404; readonly text: string } {
  if (id !== "" && target !== "") return { status: 400, text: "Probe id and target can't be defined at the same time" };
  if (id === "" && target === "") {
    return { status: 400, text: "Probe id or target must be defined as http query parameters" };
  }
  if (module !== "" && target === "") {
    return { status: 400, text: "Probe module filter only works in conjunction with target parameter" };
  }
  if (target !== "") {
    const wanted = { target: concealUrlPassword(target), module: module === "" ? undefined : module };
    return history.newest(wanted) ?? { status: 404, text: "Probe target not found" };
  }
  if (!/^\d{1,15}$/.test(id)) return { status: 400, text: "Probe id must be a whole number" };
  return history.byId(Number(id)) ?? { status: 404, text: "Probe id not found" };
}
