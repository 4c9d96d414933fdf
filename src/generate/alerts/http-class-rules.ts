import { documentedCodes } from "../../catalogue/documented-codes.ts";
import { withOutcome } from "./code-rule.ts";
import { handlingOf } from "./handling.ts";
import { OUTLIVING } from "./keep-firing.ts";
import type { AlertRule } from "./rule-group.ts";
import { alertingLink, HOST_OF_INSTANCE } from "./templates.ts";

interface StatusClass {
  readonly digit: number;
  readonly name: string;
  readonly action: string;
}

/** The classes of RFC 9110 §15. */
const CLASSES: readonly StatusClass[] = [
  {
    digit: 1,
    name: "informational",
    action: "No final response has such a status: see what answers on this port, and through which proxy.",
  },
  {
    digit: 2,
    name: "success",
    action: "The module does not accept it: compare `valid_status_codes` with what the address should answer.",
  },
  {
    digit: 3,
    name: "redirection",
    action:
      "Redirects are not followed, or there is no address to follow: compare the `Location` header and the module.",
  },
  {
    digit: 4,
    name: "client error",
    action:
      "The server finds fault with the request: compare the address, the method and the headers of the module with what was deployed last. A 429 means that it is asked too often.",
  },
  {
    digit: 5,
    name: "server error",
    action: "Look into the log of the application, and of the proxy or content delivery network before it.",
  },
];

/** For each class of HTTP statuses, a rule for those that Cloud Monitor does not document; the others have their own. */
export const HTTP_CLASS_RULES: readonly AlertRule[] = CLASSES.map(classRule);

function classRule({ digit, name, action }: StatusClass): AlertRule {
  const { area, severity, lasting } = handlingOf("content/status-not-allowed");
  const alert = `CloudMonitorHttpCode${digit}xx`;
  return {
    alert,
    expr: withOutcome(`(${undocumented(digit)})`, ["content/status-not-allowed", "upgrade/rejected"]),
    for: lasting,
    keep_firing_for: OUTLIVING,
    labels: { code: "{{ $value }}", severity, area, host: HOST_OF_INSTANCE },
    annotations: {
      summary: `{{ $labels.instance }}: HTTP status {{ $value }}, a ${name}`,
      description: `The response has a status of the class ${digit}xx (${name}) that the module does not accept and that Cloud Monitor does not document by itself.`,
      action,
      runbook_url: alertingLink("http-statuses-by-class"),
    },
  };
}

/** Comparisons are filters, applied from left to right. */
function undocumented(digit: number): string {
  const documented = documentedCodes().filter(
    ({ code, isHttpStatus }) => isHttpStatus && Math.floor(code / 100) === digit,
  );
  return [
    `probe_status_code{catalogue="cloudmonitor",list="http"} >= ${digit}00 < ${digit + 1}00`,
    ...documented.map(({ code }) => `!= ${code}`),
  ].join(" ");
}
