import type { RequestHandler } from "express";
import { sendText } from "./send-text.ts";
import type { WebConfig } from "./web-config.ts";
import { type Login, PasswordCheck } from "./web-config-passwords.ts";
import { RateLimiter } from "./web-config-rate-limiter.ts";

/**
 * Holds every request to the web configuration: its headers, its rate limit (429), its users (401). `now` is in
 * milliseconds, of a clock that never goes back.
 */
export function webProtection(holder: { refreshed(): Promise<WebConfig> }, now: () => number): RequestHandler {
  const passwords = new PasswordCheck();
  let limiter: RateLimiter | undefined;
  return async (request, response, next) => {
    const config = await holder.refreshed();
    for (const [name, value] of config.headers) response.setHeader(name, value);
    limiter = limiterFor(config, { limiter, now });
    if (limiter?.admits() === false) return sendText(response, { status: 429, text: "Too Many Requests" });
    if (config.users.size === 0) return next();
    const login = readLogin(request.headers.authorization);
    const verdict = login === undefined ? "wrong" : await passwords.check(config.users, login);
    if (verdict === "right") return next();
    if (verdict === "busy") return sendText(response, { status: 429, text: "Too many logins are being checked" });
    response.setHeader("WWW-Authenticate", 'Basic realm="status-exporter", charset="UTF-8"');
    return sendText(response, { status: 401, text: "Unauthorized" });
  };
}

/** The bucket goes on while the limit is the same, whatever else changes in the file. */
function limiterFor(
  { rateLimit }: WebConfig,
  { limiter, now }: { readonly limiter: RateLimiter | undefined; readonly now: () => number },
): RateLimiter | undefined {
  if (rateLimit === undefined) return undefined;
  const same = limiter?.limit.intervalSeconds === rateLimit.intervalSeconds && limiter.limit.burst === rateLimit.burst;
  return same ? limiter : new RateLimiter(rateLimit, now);
}

/** The user and the password of an `Authorization` header (RFC 7617 §2); undefined where it holds none. */
function readLogin(header: string | undefined): Login | undefined {
  const encoded = /^Basic +(?<encoded>[A-Za-z0-9+/]+={0,2}) *$/iu.exec(header ?? "")?.groups?.["encoded"];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon === -1 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
