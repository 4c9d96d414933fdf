import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** What the server does with a command: answers as Redis does, or what is given as it stands; `silence` for nothing. */
type Behaviour = (command: readonly string[]) => "as Redis" | "silence" | { readonly reply: string };

/** As much of a Redis server as the store needs, on a real socket, which may be told to misbehave. */
export interface FakeRedis extends AsyncDisposable {
  readonly port: number;
  readonly values: Map<string, string>;
  /** How many connections there have been. */
  connections(): number;
  /** Every command so far. */
  readonly commands: readonly (readonly string[])[];
  behave(behaviour: Behaviour): void;
  /** Ends all connections, and refuses or takes new ones. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startFakeRedis(): Promise<FakeRedis> {
  const values = new Map<string, string>();
  const commands: (readonly string[])[] = [];
  const sockets = new Set<Socket>();
  let behaviour = obedience;
  let port = 0;
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    connections += 1;
    socket.on("close", () => sockets.delete(socket));
    // A client that gives up resets its connection.
    socket.on("error", () => socket.destroy());
    let text = "";
    socket.on("data", (data) => {
      text += data.toString("latin1");
      for (;;) {
        const read = readCommand(text);
        if (read === undefined) return;
        text = read.rest;
        commands.push(read.command);
        const answer = behaviour(read.command);
        if (answer === "as Redis") socket.write(answerOf(read.command, values));
        else if (answer !== "silence") socket.write(answer.reply);
      }
    });
  });
  const open = async (): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address !== null && typeof address === "object") port = address.port;
  };
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open();
  return {
    port,
    values,
    connections: () => connections,
    commands,
    behave(next) {
      behaviour = next;
    },
    close,
    open,
    [Symbol.asyncDispose]: close,
  };
}

const obedience: Behaviour = () => "as Redis";

/** A command is a list of texts with their lengths, `*2\r\n$3\r\nGET\r\n$1\r\na\r\n` (RESP). */
function readCommand(text: string): { readonly command: readonly string[]; readonly rest: string } | undefined {
  const head = /^\*(?<count>\d+)\r\n/u.exec(text);
  if (head === null) return undefined;
  const command: string[] = [];
  let rest = text.slice(head[0].length);
  for (let left = Number(head.groups?.["count"]); left > 0; left -= 1) {
    const length = /^\$(?<length>\d+)\r\n/u.exec(rest);
    const end = (length?.[0].length ?? 0) + Number(length?.groups?.["length"]);
    if (length === null || rest.length < end + 2) return undefined;
    command.push(Buffer.from(rest.slice(length[0].length, end), "latin1").toString("utf8"));
    rest = rest.slice(end + 2);
  }
  return { command, rest };
}

function answerOf([name = "", ...args]: readonly string[], values: Map<string, string>): string {
  if (name === "MGET") return `*${args.length}\r\n${args.map((key) => bulk(values.get(key))).join("")}`;
  if (name !== "EVAL") return "+OK\r\n";
  const [, , key = "", expected = "", text = ""] = args;
  const there = values.get(key);
  if (expected !== "*" && expected !== (there === undefined ? "" : sha1(there)))
    return `*2\r\n:0\r\n${bulk(there ?? "")}`;
  values.set(key, text);
  return `*2\r\n:1\r\n${bulk(sha1(text))}`;
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

function bulk(text: string | undefined): string {
  return text === undefined ? "$-1\r\n" : `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
