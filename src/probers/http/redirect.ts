import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import type { ResponseHead } from "./message.ts";

/** Whether a response asks the client to go elsewhere; a status of that kind without Location is final. */
export function isRedirect(head: ResponseHead): boolean {
  return REDIRECTS.has(head.status) && locationOf(head) !== undefined;
}

/** Where a redirect leads to. Throws ProbeFailure `redirect/…` or `exchange/malformed`. */
export function redirectTarget(head: ResponseHead, from: URL): URL {
  const location = locationOf(head) ?? "";
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined) {
    const detail = `The server redirects to ${JSON.stringify(withoutUserinfo(printable(location)))}, which is no URL`;
    throw new ProbeFailure("exchange/malformed", { detail });
  }
  if (to.protocol !== "http:" && to.protocol !== "https:") {
    const detail = `The server redirects to the scheme ${JSON.stringify(printable(to.protocol.slice(0, -1)))}; expected http or https`;
    throw new ProbeFailure("redirect/unsupported-scheme", { detail });
  }
  if (to.hostname === "" || to.port === "0") {
    throw new ProbeFailure("exchange/malformed", {
      detail: "The server redirects to a URL without a usable host or port",
    });
  }
  return to;
}

/** What is sent after a redirect (RFC 9110 §15.4): 307 and 308 repeat the request, the others ask anew. */
export function redirectedMethod(
  status: number,
  method: string,
): { readonly method: string; readonly body: "kept" | "dropped" } {
  if (status === 307 || status === 308) return { method, body: "kept" };
  return { method: method === "HEAD" ? "HEAD" : "GET", body: "dropped" };
}

/**
 * Whether a hop may carry what was configured for the target: its own host under any port, and never in plain text
 * what the target was to get over TLS. `names` are the target's name and its virtual host's.
 */
export function isTrusted(
  url: URL,
  { names, first }: { readonly names: readonly string[]; readonly first: URL },
): boolean {
  if (first.protocol === "https:" && url.protocol !== "https:") return false;
  return names.includes(url.hostname);
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Header values come as Latin-1; URLs of servers that do not encode them are UTF-8. */
function locationOf({ headers }: ResponseHead): string | undefined {
  const given = headers["location"];
  const first = typeof given === "string" ? given : given?.[0];
  return first === undefined || first === "" ? undefined : Buffer.from(first, "latin1").toString("utf8");
}

function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^/?#]*@/u, "//…@");
}
