import { STATUS_CODES } from "../../network/node-http.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import type { CelExpression } from "./cel.ts";
import type { ResponseHeaders } from "./message.ts";
import type { HeaderMatcher, HttpChecks } from "./settings.ts";

/** A final response, as far as checks look at it. */
export interface CheckedResponse {
  readonly status: number;
  readonly reason: string;
  /** As in a status line, e.g. `HTTP/1.1`. */
  readonly version: string;
  readonly headers: ResponseHeaders;
  readonly overTls: boolean;
  /** Decoded; empty where no check looks at it. */
  readonly body: Buffer;
  /** What kept the body from being read to its end: too large, broken encoding. */
  readonly bodyProblem: ProbeFailure | undefined;
  /** Credentials were configured, whether or not they were sent to the final host. */
  readonly credentials: "none" | "sent" | "withheld";
}

/** The first check that a response fails, and what kind of check it was; undefined where it passes all. */
export interface FailedCheck {
  readonly failure: ProbeFailure;
  readonly kind: "expression" | "cel" | "other";
}

/** Judges a response in blackbox_exporter's order: status, headers, body, JSON, version, TLS. Pure. */
export function checkResponse(response: CheckedResponse, checks: HttpChecks): FailedCheck | undefined {
  return (
    other(checkStatus(response, checks.statusCodes)) ??
    expression(checkHeaders(response, checks.headers)) ??
    other(response.bodyProblem) ??
    expression(checkPatterns(response.body, checks.patterns)) ??
    other(checkWords(response.body, checks.words)) ??
    cel(checkJson(response.body, checks.cel)) ??
    other(checkVersion(response, checks.versions)) ??
    other(checkTls(response, checks.tls))
  );
}

function checkStatus(response: CheckedResponse, allowed: readonly number[]): ProbeFailure | undefined {
  const { status, credentials } = response;
  if (allowed.length === 0 ? status >= 200 && status <= 299 : allowed.includes(status)) return undefined;
  const came = `${status} ${printable(response.reason === "" ? (STATUS_CODES[status] ?? "") : response.reason)}`.trim();
  if ((status === 401 || status === 407) && credentials !== "none") {
    const detail =
      credentials === "sent"
        ? `The server refused the credentials: ${came}`
        : `The server answered ${came}; the credentials were not sent, for it is another host than the target's`;
    return new ProbeFailure("login/rejected", { detail });
  }
  const wanted = allowed.length === 0 ? "2xx" : allowed.join(", ");
  return new ProbeFailure("content/status-not-allowed", { detail: `The server answered ${came}; expected ${wanted}` });
}

function checkHeaders(response: CheckedResponse, checks: HttpChecks["headers"]): ProbeFailure | undefined {
  for (const matcher of checks.forbidden) {
    const failure = checkForbiddenHeader(response, matcher);
    if (failure !== undefined) return failure;
  }
  for (const matcher of checks.required) {
    const failure = checkRequiredHeader(response, matcher);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function checkForbiddenHeader(response: CheckedResponse, matcher: HeaderMatcher): ProbeFailure | undefined {
  const values = valuesOf(response.headers, matcher.name);
  if (values.length === 0) return matcher.allowMissing ? undefined : missingHeader(matcher);
  const found = values.find((value) => matches(matcher, value));
  if (found === undefined) return undefined;
  const detail = `The header ${matcher.name} ${shown(matcher.name, found)} matches ${quoted(matcher.pattern.source)}`;
  return new ProbeFailure("content/forbidden", { detail });
}

function checkRequiredHeader(response: CheckedResponse, matcher: HeaderMatcher): ProbeFailure | undefined {
  const values = valuesOf(response.headers, matcher.name);
  if (values.length === 0) return matcher.allowMissing ? undefined : missingHeader(matcher);
  if (values.some((value) => matches(matcher, value))) return undefined;
  const came = shown(matcher.name, values.join(", "));
  const detail = `The header ${matcher.name} ${came} does not match ${quoted(matcher.pattern.source)}`;
  return new ProbeFailure("content/missing", { detail });
}

/** Header values are Latin-1 by HTTP's rules; the expression reads their bytes as UTF-8, as it reads the body. */
function matches({ pattern }: HeaderMatcher, value: string): boolean {
  return pattern.test(Buffer.from(value, "latin1"));
}

function missingHeader({ name, pattern }: HeaderMatcher): ProbeFailure {
  const detail = `The response has no header ${name}, which is to be checked against ${quoted(pattern.source)}`;
  return new ProbeFailure("content/missing", { detail });
}

function checkPatterns(body: Buffer, checks: HttpChecks["patterns"]): ProbeFailure | undefined {
  const forbidden = checks.forbidden.find((pattern) => pattern.test(body));
  if (forbidden !== undefined) {
    return new ProbeFailure("content/forbidden", { detail: `The body matches ${quoted(forbidden.source)}` });
  }
  const absent = checks.required.find((pattern) => !pattern.test(body));
  if (absent === undefined) return undefined;
  const detail = `The body (${body.length} bytes) does not match ${quoted(absent.source)}`;
  return new ProbeFailure("content/missing", { detail });
}

function checkWords(body: Buffer, checks: HttpChecks["words"]): ProbeFailure | undefined {
  const forbidden = checks.forbidden.find((word) => body.includes(word));
  if (forbidden !== undefined) {
    return new ProbeFailure("content/forbidden", { detail: `The body contains ${quoted(forbidden)}` });
  }
  const absent = checks.required.find((word) => !body.includes(word));
  if (absent === undefined) return undefined;
  const detail = `The body (${body.length} bytes) does not contain ${quoted(absent)}`;
  return new ProbeFailure("content/missing", { detail });
}

function checkJson(body: Buffer, checks: HttpChecks["cel"]): ProbeFailure | undefined {
  if (checks.forbidden === undefined && checks.required === undefined) return undefined;
  const document = parseJson(body);
  if ("problem" in document) return new ProbeFailure("content/missing", { detail: document.problem });
  return (
    checkCel(checks.forbidden, { document, unwanted: true }) ?? checkCel(checks.required, { document, unwanted: false })
  );
}

function checkCel(
  check: CelExpression | undefined,
  { document, unwanted }: { readonly document: { readonly value: JsonValue }; readonly unwanted: boolean },
): ProbeFailure | undefined {
  const result = check?.evaluate(document.value);
  if (check === undefined || result === undefined) return undefined;
  const source = quoted(check.source);
  if (typeof result === "object") {
    const detail = `Cannot evaluate ${source} on the body: ${printable(result.problem)}`;
    return new ProbeFailure("content/missing", { detail });
  }
  if (result !== unwanted) return undefined;
  return unwanted
    ? new ProbeFailure("content/forbidden", { detail: `The body's JSON makes ${source} true` })
    : new ProbeFailure("content/missing", { detail: `The body's JSON does not make ${source} true` });
}

type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

function parseJson(body: Buffer): { readonly value: JsonValue } | { readonly problem: string } {
  try {
    const value: JsonValue = JSON.parse(body.toString("utf8"));
    return { value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: `The body (${body.length} bytes) is no JSON: ${printable(body)}` };
  }
}

function checkVersion({ version }: CheckedResponse, allowed: readonly string[]): ProbeFailure | undefined {
  if (allowed.length === 0 || allowed.includes(version)) return undefined;
  const detail = `The server answered in ${version}; expected ${allowed.join(", ")}`;
  return new ProbeFailure("content/version-not-allowed", { detail });
}

function checkTls({ overTls }: CheckedResponse, wanted: HttpChecks["tls"]): ProbeFailure | undefined {
  if (overTls && (wanted === "forbidden" || wanted === "impossible")) {
    return new ProbeFailure("content/tls-forbidden", {
      detail: "The final response came over TLS; expected plain HTTP",
    });
  }
  if (!overTls && (wanted === "required" || wanted === "impossible")) {
    return new ProbeFailure("content/tls-required", {
      detail: "The final response came over plain HTTP; expected TLS",
    });
  }
  return undefined;
}

function valuesOf(headers: ResponseHeaders, name: string): readonly string[] {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** Headers that carry sessions are not shown. */
function shown(name: string, value: string): string {
  return /cookie|auth|token/u.test(name) ? "(not shown)" : JSON.stringify(printable(value));
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

function other(failure: ProbeFailure | undefined): FailedCheck | undefined {
  return failure && { failure, kind: "other" };
}

function expression(failure: ProbeFailure | undefined): FailedCheck | undefined {
  return failure && { failure, kind: "expression" };
}

function cel(failure: ProbeFailure | undefined): FailedCheck | undefined {
  return failure && { failure, kind: "cel" };
}
