/** Where everything is served, and where home is for somebody outside. */
export interface WebPaths {
  /** The path before every route: empty, or `/status` without a slash at its end. */
  readonly prefix: string;
  /** The external URL, or the path of the home page where none is given. */
  readonly home: string;
}

/** What a path may hold: nothing that a pattern of routes could take for more than itself. */
const PLAIN_PATH = /^(?:\/[\w.~-]+)*$/;

/**
 * Reads `--web.external-url` and `--web.route-prefix`: the URL's path is the prefix unless one is given. Throws an
 * `Error` for the person who wrote the flag.
 */
export function readWebPaths(flags: { readonly externalUrl: string; readonly routePrefix: string }): WebPaths {
  const external = flags.externalUrl === "" ? undefined : readExternalUrl(flags.externalUrl);
  const prefix = normalise(flags.routePrefix === "" ? (external?.pathname ?? "") : flags.routePrefix);
  if (!PLAIN_PATH.test(prefix)) {
    throw new Error(`Cannot read --web.route-prefix: expected a path of letters, digits and -._~, found "${prefix}"`);
  }
  return { prefix, home: external?.href ?? `${prefix}/` };
}

function readExternalUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new Error(
      `Cannot read --web.external-url: expected a URL such as "https://example.com/status", found "${text}"`,
    );
  }
  url.pathname = `${normalise(url.pathname)}/`;
  return url;
}

function normalise(path: string): string {
  const bare = path.replace(/^\/+|\/+$/g, "");
  return bare === "" ? "" : `/${bare}`;
}
