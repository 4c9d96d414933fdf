import type { Fault } from "../fault.ts";
import { always, head } from "../servers/answers.ts";
import { startHttpServer } from "../servers/http-server.ts";
import { startStreamServer } from "../servers/stream-server.ts";
import { websocketFault } from "./websocket-fault.ts";
import { agreement } from "./websocket-server.ts";

/** What may become of the upgrade. */
export const UPGRADE_FAULTS: readonly Fault[] = [
  websocketFault({
    name: "a server that accepts and stays silent",
    outcome: "upgrade/timeout",
    module: { timeout: "1500ms" },
    start: () => startStreamServer(() => undefined),
  }),
  websocketFault({
    name: "a server that stops in the middle of its answer",
    outcome: "upgrade/timeout",
    module: { timeout: "1500ms" },
    start: () => startHttpServer((socket) => socket.write("HTTP/1.1 101 Switching Pro")),
  }),
  ...[200, 403, 404, 426, 503].map((status) =>
    websocketFault({
      name: `a server that answers the upgrade with ${status}`,
      outcome: "upgrade/rejected",
      httpStatus: status,
      start: () => startHttpServer(always({ status })),
    }),
  ),
  websocketFault({
    name: "a server that wants to know who asks",
    outcome: "upgrade/rejected",
    httpStatus: 401,
    start: () => startHttpServer(always({ status: 401 })),
  }),
  websocketFault({
    name: "a server that does not accept the password",
    outcome: "login/rejected",
    websocket: { http_config: { basic_auth: { username: "probe", password: "wrong" } } },
    start: () => startHttpServer(always({ status: 401 })),
  }),
  websocketFault({
    name: "a redirect that is not followed",
    outcome: "upgrade/rejected",
    httpStatus: 301,
    start: () => startHttpServer(always({ status: 301, headers: { Location: "/elsewhere" } })),
  }),
  websocketFault({
    name: "a redirect to itself",
    outcome: "redirect/too-many",
    websocket: { http_config: { follow_redirects: true } },
    start: () => startHttpServer(always({ status: 302, headers: { Location: "/" } })),
  }),
  websocketFault({
    name: "a server that hangs up at once",
    outcome: "upgrade/malformed",
    start: () => startStreamServer((socket) => socket.end()),
  }),
  websocketFault({
    name: "an answer that is not HTTP",
    outcome: "upgrade/malformed",
    start: () => startStreamServer((socket) => socket.write("220 ready\r\n")),
  }),
  websocketFault({
    name: "a server with the wrong accept key",
    outcome: "upgrade/malformed",
    start: () =>
      startHttpServer((socket, request) => {
        socket.write(agreement(request, { "Sec-WebSocket-Accept": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }));
      }),
  }),
  websocketFault({
    name: "a server that chooses another subprotocol",
    outcome: "upgrade/malformed",
    websocket: { subprotocols: ["chat.v2"] },
    start: () =>
      startHttpServer((socket, request) => {
        socket.write(agreement(request, { "Sec-WebSocket-Protocol": "chat.v1" }));
      }),
  }),
  websocketFault({
    name: "an upgrade that leads to no WebSocket",
    outcome: "upgrade/malformed",
    start: () => startHttpServer((socket) => socket.write(head(101, { Connection: "Upgrade", Upgrade: "h2c" }))),
  }),
];
