import { ProbeFailure } from "../../outcome/probe-failure.ts";

/**
 * The URL that a target means; a bare host gets `http://`. Throws ProbeFailure `request/parameter-missing` or
 * `request/unsupported-scheme`, with what is wrong with it.
 */
export function parseTarget(target: string): URL {
  const once = read(target);
  if (once instanceof URL) return once;
  const decoded = decodeAgain(target);
  const twice = decoded === undefined ? undefined : read(decoded);
  if (twice instanceof URL) return twice;
  throw new ProbeFailure(once.outcome, { detail: once.detail });
}

interface Refusal {
  readonly outcome: "request/parameter-missing" | "request/unsupported-scheme";
  readonly detail: string;
}

function read(target: string): URL | Refusal {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(target)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") {
    const detail = `The target's scheme is ${JSON.stringify(scheme)}; the http prober knows http and https`;
    return { outcome: "request/unsupported-scheme", detail };
  }
  const written = scheme === undefined ? `http://${target}` : target;
  const problem = problemOf(written);
  if (problem === undefined) return new URL(written);
  return { outcome: "request/parameter-missing", detail: problem };
}

/** What keeps a text with an HTTP scheme from being a URL that can be dialled; undefined where nothing does. */
function problemOf(written: string): string | undefined {
  if (hasBlanks(written)) return "The target holds a blank or a control character";
  const authority = /^https?:\/\/([^/?#]*)/iu.exec(written)?.[1] ?? "";
  const location = authority.slice(authority.lastIndexOf("@") + 1);
  const port = /:(\d*)$/u.exec(location)?.[1] ?? "";
  const host = location.replace(/:\d*$/u, "");
  if (host === "") return "The target has no host";
  if (port !== "" && (Number(port) < 1 || Number(port) > 65_535)) {
    return `The target's port ${port.slice(0, 20)} is out of range: expected 1 to 65535`;
  }
  if (URL.canParse(written)) return undefined;
  if (/:[^:\]]*$/u.test(location)) return `The target is no URL: ${quoted(location)} is no host with a port`;
  return `The target is no URL: ${quoted(host)} is no host`;
}

/** A URL writes these as `%XX`; the URL parser would quietly drop or encode them. */
function hasBlanks(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** Some callers encode a target twice; undefined where that changes nothing or is no encoding. */
function decodeAgain(target: string): string | undefined {
  if (!/%[0-9a-f]{2}/iu.test(target)) return undefined;
  try {
    return decodeURIComponent(target);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Never the userinfo, which may hold a password. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
