import type { Socket } from "node:net";
import type { DialogueFault } from "./dialogue-fault.ts";
import { writeForever } from "./servers/answers.ts";

/** As much of a server's script as comes before its first line. */
interface GreetingScript {
  readonly greeting: (talk: { readonly socket: Socket; say(...lines: readonly string[]): void }) => void;
}

/** What may happen before a server has said its first line, which would be `greeting` were all well. */
export function greetingFaults(greeting: string): readonly DialogueFault<GreetingScript>[] {
  return [
    {
      name: "a server that takes longer than it may",
      outcome: "timing/too-slow",
      module: { max_response_time: "20ms" },
      script: {
        greeting(talk) {
          const wait = setTimeout(() => talk.say(greeting), 60);
          talk.socket.on("close", () => clearTimeout(wait));
        },
      },
    },
    {
      name: "a server that accepts and stays silent",
      outcome: "exchange/timeout",
      module: { timeout: "1500ms" },
      script: { greeting: () => undefined },
    },
    {
      name: "a server that stops in the middle of a line",
      outcome: "exchange/timeout",
      module: { timeout: "1500ms" },
      script: { greeting: ({ socket }) => socket.write(greeting.slice(0, -3)) },
    },
    {
      name: "a server that hangs up at once",
      outcome: "exchange/closed",
      script: { greeting: ({ socket }) => socket.end() },
    },
    {
      name: "a line without end",
      outcome: "exchange/malformed",
      script: { greeting: ({ socket }) => writeForever(socket, greeting.charAt(0).repeat(16 * 1024)) },
    },
  ];
}
