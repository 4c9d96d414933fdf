import { createRequire } from "node:module";
import type { CookieJar } from "tough-cookie";
import type { ResponseHead } from "./message.ts";

/** The cookies of one probe: what one hop sets, the next hops of that site get (RFC 6265). Costs nothing until one is set. */
export class Cookies {
  #jar: CookieJar | undefined;

  /** Keeps what the response of `url` sets; a cookie that its host may not set is left out. */
  keep(head: ResponseHead, url: URL): void {
    const given = head.headers["set-cookie"];
    if (given === undefined) return;
    this.#jar ??= createJar();
    for (const cookie of typeof given === "string" ? [given] : given) {
      this.#jar.setCookieSync(cookie, url.href, { ignoreError: true });
    }
  }

  /** The value of the Cookie header for `url`; empty where no cookie is for it. */
  header(url: URL): string {
    return this.#jar === undefined ? "" : this.#jar.getCookieStringSync(url.href);
  }
}

/** The library brings the public suffixes, some 3 MB, which a probe without cookies has no use for. */
function createJar(): CookieJar {
  const { CookieJar: Jar }: typeof import("tough-cookie") = load("tough-cookie");
  return new Jar();
}

const load = createRequire(import.meta.url);
