import { createRequire } from "node:module";

/**
 * Of undici only the client for one connection, and its errors: all of it, with fetch and caches, takes 10 MB more. A
 * test tells when an upgrade moves them.
 */
export const Client: typeof import("undici").Client = load("undici/lib/dispatcher/client.js");
export const errors: typeof import("undici").errors = load("undici/lib/core/errors.js");

function load(path: string): ReturnType<NodeJS.Require> {
  return createRequire(import.meta.url)(path);
}
