import type { Fault } from "../fault.ts";
import { always, respond } from "../servers/answers.ts";
import { startHttpServer } from "../servers/http-server.ts";
import { httpFault } from "./http-fault.ts";

const PAGE = always({ headers: { "Content-Type": "text/html", "X-Shop": "closed" }, body: "<h1>Out of order</h1>" });
const JSON_PAGE = always({ headers: { "Content-Type": "application/json" }, body: '{"status":"down"}' });

/** What may be wrong with a response that arrived whole. */
export const CONTENT_FAULTS: readonly Fault[] = [
  httpFault({
    name: "a page that lacks a required word",
    outcome: "content/missing",
    http: { required_words: ["Welcome"] },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a page that lacks a required pattern",
    outcome: "content/missing",
    http: { fail_if_body_not_matches_regexp: ["[Ww]elcome"] },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a response that lacks a required header",
    outcome: "content/missing",
    http: { fail_if_header_not_matches: [{ header: "Strict-Transport-Security", regexp: "max-age" }] },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a JSON document that lacks a required value",
    outcome: "content/missing",
    http: { fail_if_body_json_not_matches_cel: 'body.status == "up"' },
    start: () => startHttpServer(JSON_PAGE),
  }),
  httpFault({
    name: "a page with a forbidden word",
    outcome: "content/forbidden",
    http: { forbidden_words: ["Out of order"] },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a page with a forbidden pattern",
    outcome: "content/forbidden",
    http: { fail_if_body_matches_regexp: ["(?i)OUT of ORDER"] },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a response with a forbidden header",
    outcome: "content/forbidden",
    http: { fail_if_header_matches: [{ header: "X-Shop", regexp: "closed" }] },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a JSON document with a forbidden value",
    outcome: "content/forbidden",
    http: { fail_if_body_json_matches_cel: 'body.status == "down"' },
    start: () => startHttpServer(JSON_PAGE),
  }),
  httpFault({
    name: "a server that speaks another version of HTTP than allowed",
    outcome: "content/version-not-allowed",
    http: { valid_http_versions: ["HTTP/2.0"] },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a site without TLS where TLS is required",
    outcome: "content/tls-required",
    http: { fail_if_not_ssl: true },
    start: () => startHttpServer(PAGE),
  }),
  httpFault({
    name: "a site that refuses the configured user",
    outcome: "login/rejected",
    http: { basic_auth: { username: "monitor", password: "wrong" } },
    start: () => startHttpServer(always({ status: 401, headers: { "WWW-Authenticate": 'Basic realm="shop"' } })),
  }),
  httpFault({
    name: "a site that refuses the configured token",
    outcome: "login/rejected",
    http: { authorization: { credentials: "expired-token" } },
    start: () => startHttpServer(always({ status: 401, headers: { "WWW-Authenticate": "Bearer" } })),
  }),
  httpFault({
    name: "a redirect to itself",
    outcome: "redirect/too-many",
    start: () => startHttpServer(always({ status: 302, headers: { Location: "/" } })),
  }),
  httpFault({
    name: "more redirects than the module follows",
    outcome: "redirect/too-many",
    http: { max_redirects: 1 },
    start: () =>
      startHttpServer((socket, { path }) =>
        path === "/end" ? respond(socket, {}) : respond(socket, { status: 302, headers: { Location: nextStep(path) } }),
      ),
  }),
  httpFault({
    name: "a redirect to another protocol",
    outcome: "redirect/unsupported-scheme",
    start: () => startHttpServer(always({ status: 302, headers: { Location: "ftp://127.0.0.1/" } })),
  }),
  httpFault({
    name: "a site that takes longer than it may",
    outcome: "timing/too-slow",
    httpStatus: 200,
    module: { max_response_time: "20ms" },
    start: () =>
      startHttpServer((socket) => {
        const wait = setTimeout(() => respond(socket, {}), 60);
        socket.on("close", () => clearTimeout(wait));
      }),
  }),
];

/** Two redirects from the root to the end. */
function nextStep(path: string): string {
  return path === "/" ? "/middle" : "/end";
}
