import { anchorOf } from "../../catalogue/anchor-of.ts";
import { codesOf } from "../../catalogue/codes-of.ts";
import type { StatusCode } from "../../catalogue/status-code.ts";
import { isSuccess, type Outcome } from "../../outcome/outcome.ts";
import type { ServiceStatus } from "../../outcome/service-status.ts";
import type { ConfigurationView } from "../configuration-view.ts";
import type { HistoryEntry } from "../history.ts";
import { visibleText } from "../visible-text.ts";
import { type Html, html } from "./html.ts";

/** More rows than anybody reads would only make the page slow; older probes are still found under `/logs`. */
const MOST_ROWS = 500;

/** The home page below its title. Its links are relative, so that they hold behind a proxy as well. */
export function homePage(shown: {
  readonly modules: ConfigurationView["modules"];
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** In the order of the configuration file. */
  readonly statuses: readonly ServiceStatus[];
}): Html {
  return html`${form(shown.modules)}
${shown.statuses.length === 0 ? "" : serviceTable(shown.statuses)}
<h2>Recent probes</h2>
${shown.entries.length === 0 ? html`<p>There has been no probe yet.</p>` : table(shown.entries.slice(0, MOST_ROWS))}`;
}

function form(modules: ConfigurationView["modules"]): Html {
  const options = [...modules].map(
    ([name, { protocol }]) =>
      html`<option value="${name}">${name === protocol ? name : `${name} (${protocol})`}</option>`,
  );
  return html`<p>Run a probe now and see how it ends. Its result is listed below as well.</p>
<form action="probe" method="get">
<label>Module <select name="module">${options}</select></label>
<label class="wide">Target <input name="target" required autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="https://example.com"></label>
<button name="debug" value="true">Probe</button>
<button name="debug" value="false">Metrics only</button>
</form>`;
}

function serviceTable(statuses: readonly ServiceStatus[]): Html {
  const hidden = statuses.length - MOST_ROWS;
  return html`<h2>Services</h2>
<table>
<thead><tr><th>Service</th><th>Module</th><th>Target</th><th>Outcome</th><th>Codes</th><th>Probed</th></tr></thead>
<tbody>
${statuses.slice(0, MOST_ROWS).map(serviceRow)}</tbody>
</table>
${hidden > 0 ? html`<p>${hidden} more are listed under <a href="services">services</a>.</p>` : ""}`;
}

function serviceRow(status: ServiceStatus): Html {
  const { service, module, target, outcome, probedAt } = status;
  const query = new URLSearchParams({ service, debug: "true" }).toString();
  return html`<tr>
<td data-label="Service"><a class="long" href="probe?${query}">${visibleText(service)}</a></td>
<td data-label="Module"><span class="code">${visibleText(module)}</span></td>
<td data-label="Target"><span class="code long">${visibleText(target)}</span></td>
<td data-label="Outcome"><span class="code ${mood(outcome)}">${outcome}</span></td>
<td data-label="Codes"><ul>${codesOf(status).map(codeItem)}</ul></td>
<td data-label="Probed">${probedAt === undefined ? "" : moment(probedAt)}</td>
</tr>
`;
}

/** A service that is not probed is neither well nor ill. */
function mood(outcome: Outcome): string {
  if (outcome.startsWith("state/")) return "soft";
  return isSuccess(outcome) ? "good" : "bad";
}

function moment(time: number): Html {
  const text = new Date(time).toISOString();
  return html`<time class="number" datetime="${text}">${text.slice(0, 19).replace("T", " ")} UTC</time>`;
}

function table(entries: readonly HistoryEntry[]): Html {
  return html`<table>
<thead><tr><th>Time</th><th>Module</th><th>Target</th><th>Outcome</th><th>Codes</th><th>Duration</th><th>More</th></tr></thead>
<tbody>
${entries.map(row)}</tbody>
</table>`;
}

function row({ id, report }: HistoryEntry): Html {
  return html`<tr>
<td data-label="Time">${moment(report.startedAt)}</td>
<td data-label="Module"><span class="code">${visibleText(report.module)}</span></td>
<td data-label="Target"><span class="code long">${visibleText(report.target)}</span></td>
<td data-label="Outcome"><div><span class="code ${isSuccess(report.outcome) ? "good" : "bad"}">${report.outcome}</span>${report.cancelled ? " (cancelled)" : ""}</div>${detail(report.detail)}</td>
<td data-label="Codes"><ul>${codesOf(report).map(codeItem)}</ul></td>
<td data-label="Duration"><span class="number">${duration(report.durationSeconds)}</span></td>
<td data-label="More"><a href="logs?id=${id}">Logs</a></td>
</tr>
`;
}

function detail(text: string): Html | "" {
  return text === "" ? "" : html`<div class="soft long">${visibleText(text)}</div>`;
}

function codeItem(entry: StatusCode): Html {
  const { catalogue, list, code, message, documented } = entry;
  const number = documented ? html`<a href="codes#${anchorOf(entry)}">${code}</a>` : html`${code}`;
  return html`<li>${number} ${message} <span class="soft">${catalogue} ${list}</span></li>`;
}

function duration(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(3)} s`;
}
