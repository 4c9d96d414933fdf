import type { Socket } from "node:net";
import type { Outcome } from "../../src/outcome/outcome.ts";
import type { Approach } from "./approach.ts";
import type { Fault, Settings } from "./fault.ts";
import { writeForever } from "./servers/answers.ts";
import { breakOff, startStreamServer } from "./servers/stream-server.ts";

/** What may happen to a conversation over a stream (`query_response`); and one to which nothing happens. */
export function conversationFaults(approach: Approach): readonly Fault[] {
  return CONVERSATION_FAULTS.map((definition) => conversationFault(approach, definition));
}

interface ConversationFault {
  readonly name: string;
  readonly outcome: Outcome;
  /** The module's keys beside the protocol's. */
  readonly module?: Settings;
  readonly steps: readonly Settings[];
  readonly serve: (socket: Socket) => void;
}

const GREETING = [{ expect: "^220 " }];

const CONVERSATION_FAULTS: readonly ConversationFault[] = [
  {
    name: "a healthy server",
    outcome: "success",
    steps: GREETING,
    serve: (socket) => socket.write("220 ready\r\n"),
  },
  {
    name: "a server that takes longer than it may",
    outcome: "timing/too-slow",
    module: { max_response_time: "20ms" },
    steps: GREETING,
    serve(socket) {
      const wait = setTimeout(() => socket.write("220 ready\r\n"), 60);
      socket.on("close", () => clearTimeout(wait));
    },
  },
  {
    name: "a server that accepts and stays silent",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    steps: GREETING,
    serve: () => undefined,
  },
  {
    name: "a server that stops in the middle of a line",
    outcome: "exchange/timeout",
    module: { timeout: "1500ms" },
    steps: [{ expect: "^220 ready$" }],
    serve: (socket) => socket.write("220 re"),
  },
  {
    name: "a server that hangs up at once",
    outcome: "exchange/closed",
    steps: GREETING,
    serve: (socket) => socket.end(),
  },
  {
    name: "a server that breaks the connection off before it is told something",
    outcome: "exchange/send-failed",
    steps: [{ send: "hello" }, { expect: "^220 ", send: "goodbye" }],
    serve(socket) {
      socket.once("data", () => socket.write("220 ready\r\n", () => breakOff(socket)));
    },
  },
  {
    name: "a line without end",
    outcome: "exchange/malformed",
    steps: GREETING,
    serve: (socket) => writeForever(socket, ".".repeat(16 * 1024)),
  },
  {
    name: "a server that says something else and hangs up",
    outcome: "content/missing",
    steps: GREETING,
    serve: (socket) => socket.end("421 too busy\r\n"),
  },
  {
    name: "a server that says something that is forbidden",
    outcome: "content/forbidden",
    steps: [{ expect: "^220 ", forbidden_content: "debug" }],
    serve: (socket) => socket.write("220 debug console\r\n"),
  },
];

function conversationFault(approach: Approach, definition: ConversationFault): Fault {
  const { subject } = approach;
  return {
    subject,
    name: definition.name,
    outcome: definition.outcome,
    async start() {
      const server = await startStreamServer(definition.serve, approach.listen);
      const { steps, module } = definition;
      return {
        target: approach.target(server, "plain"),
        module: { prober: subject, timeout: "5s", ...module, ...approach.settings({ channel: "plain", steps }) },
        server,
      };
    },
  };
}
