import type { Fault } from "../fault.ts";
import { breakOff } from "../servers/stream-server.ts";
import { websocketFault } from "./websocket-fault.ts";
import { FINAL, frame, startRawServer, startWebSocketServer } from "./websocket-server.ts";

const HELLO = { query_response: [{ send: "hello" }, { expect: "^welcome$" }] };
const GREETING = { query_response: [{ expect: "^welcome$" }] };

/** What may become of an open WebSocket; and some with which nothing is wrong. */
export const WEBSOCKET_EXCHANGE_FAULTS: readonly Fault[] = [
  websocketFault({
    name: "a healthy server",
    outcome: "success",
    websocket: HELLO,
    start: () =>
      startWebSocketServer((websocket) => {
        websocket.on("message", () => websocket.send("welcome"));
      }),
  }),
  websocketFault({
    name: "a server that only opens",
    outcome: "success",
    start: () => startWebSocketServer(() => undefined),
  }),
  websocketFault({
    name: "a server that takes longer than it may",
    outcome: "timing/too-slow",
    module: { max_response_time: "20ms" },
    websocket: GREETING,
    start: () =>
      startWebSocketServer((websocket) => {
        const wait = setTimeout(() => websocket.send("welcome"), 60);
        websocket.on("close", () => clearTimeout(wait));
      }),
  }),
  websocketFault({
    name: "a server that opens and says nothing",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    websocket: GREETING,
    start: () => startWebSocketServer(() => undefined),
  }),
  websocketFault({
    name: "a server that stops in the middle of a message",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    websocket: GREETING,
    start: () => startRawServer((socket) => socket.write(frame(FINAL.text, "welcome").subarray(0, 5))),
  }),
  websocketFault({
    name: "a server that closes the WebSocket before it answers",
    outcome: "exchange/closed",
    websocket: HELLO,
    start: () =>
      startWebSocketServer((websocket) => {
        websocket.on("message", () => websocket.close(1013, "try again later"));
      }),
  }),
  websocketFault({
    name: "a server that breaks the connection off before it answers",
    outcome: "exchange/closed",
    websocket: GREETING,
    start: () => startRawServer((socket) => socket.end()),
  }),
  websocketFault({
    name: "a server that breaks the connection off before it is told something",
    outcome: "exchange/send-failed",
    websocket: { query_response: [{ expect: "^welcome$", send: "hello" }] },
    start: () =>
      startRawServer((socket) => {
        socket.write(frame(FINAL.text, "welcome"), () => breakOff(socket));
      }),
  }),
  websocketFault({
    name: "a frame that the server masks",
    outcome: "exchange/malformed",
    websocket: GREETING,
    start: () => startRawServer((socket) => socket.write(Buffer.from([FINAL.text, 0x80 | 1, 1, 2, 3, 4, 0x60]))),
  }),
  websocketFault({
    name: "a frame of a kind that does not exist",
    outcome: "exchange/malformed",
    websocket: GREETING,
    start: () => startRawServer((socket) => socket.write(frame(0x83, "welcome"))),
  }),
  websocketFault({
    name: "a text that is not UTF-8",
    outcome: "exchange/malformed",
    websocket: GREETING,
    start: () => startRawServer((socket) => socket.write(frame(FINAL.text, Buffer.from("c328", "hex")))),
  }),
  websocketFault({
    name: "a message that is larger than allowed",
    outcome: "exchange/malformed",
    websocket: { ...GREETING, max_message_size: "1KB" },
    start: () => startWebSocketServer((websocket) => websocket.send("x".repeat(1025))),
  }),
  websocketFault({
    name: "a message without end",
    outcome: "exchange/malformed",
    websocket: GREETING,
    start: () =>
      startRawServer((socket) => {
        socket.write(frame(0x01, "x"));
        const writing = setInterval(() => {
          if (!socket.writableNeedDrain) socket.write(Buffer.concat(Array(1000).fill(frame(0x00, "x".repeat(100)))));
        }, 1);
        socket.on("close", () => clearInterval(writing));
      }),
  }),
  websocketFault({
    name: "a binary message where text is expected",
    outcome: "exchange/malformed",
    websocket: { ...GREETING, message_type: "text" },
    start: () => startWebSocketServer((websocket) => websocket.send(Buffer.from("welcome"))),
  }),
  websocketFault({
    name: "a server that says something else",
    outcome: "content/missing",
    websocket: GREETING,
    start: () => startWebSocketServer((websocket) => websocket.send("too busy")),
  }),
  websocketFault({
    name: "a server that says something that is forbidden",
    outcome: "content/forbidden",
    websocket: { query_response: [{ expect: "^welcome", forbidden_content: "debug" }] },
    start: () => startWebSocketServer((websocket) => websocket.send("welcome to the debug console")),
  }),
];
