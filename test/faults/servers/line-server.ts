import { createServer, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer, TLSSocket, type TlsOptions } from "node:tls";
import { type FaultServer, type Listen, startServer } from "./fault-server.ts";

/** What a server of lines says at first, and does about each line. */
export interface LineScript {
  readonly greet: (talk: Talk) => void;
  readonly obey: (talk: Talk, line: string) => void;
  /** What TLS presents, from the first byte or when an act starts it. */
  readonly tls: TlsOptions | undefined;
  readonly security: "implicit" | "plain";
  /** Whether each byte of what it says goes in a segment of its own. */
  readonly pieces: "bytes" | "whole";
}

/** One connection, as an act sees it. */
export interface Talk {
  readonly socket: Socket;
  readonly encrypted: boolean;
  say(...lines: readonly string[]): void;
  /** What to do about the next line instead of obeying it. */
  next(act: (line: string) => void): void;
  /** Shakes hands and goes on within TLS, without another greeting. */
  startTls(): void;
}

/** A server with all the lines that it was told. */
export interface LineServer extends FaultServer {
  readonly lines: readonly string[];
}

/** A scripted server of lines on a free port of the loopback. */
export async function startLineServer(script: LineScript, listen: Listen = startServer): Promise<LineServer> {
  const lines: string[] = [];
  const serve = (socket: Socket): void => {
    script.greet(converse(socket, { script, encrypted: script.security === "implicit", lines }));
  };
  const server =
    script.security === "implicit" ? createTlsServer(script.tls ?? {}, serve) : createServer({ noDelay: true }, serve);
  return { ...(await listen(server)), lines };
}

interface Serving {
  readonly script: LineScript;
  readonly encrypted: boolean;
  readonly lines: string[];
}

function converse(socket: Socket, { script, encrypted, lines }: Serving): Talk {
  let awaited: ((line: string) => void) | undefined;
  let held = "";
  // The peer may hang up at any moment; the end of the connection says all there is to say.
  socket.on("error", () => socket.destroy());
  const talk: Talk = {
    socket,
    encrypted,
    say(...said) {
      const bytes = Buffer.from(said.map((line) => `${line}\r\n`).join(""));
      if (script.pieces === "bytes") writeBytes(socket, bytes);
      else socket.write(bytes);
    },
    next(act) {
      awaited = act;
    },
    startTls() {
      socket.off("data", onData);
      const secureContext = createSecureContext(script.tls ?? {});
      converse(new TLSSocket(socket, { isServer: true, secureContext }), { script, encrypted: true, lines });
    },
  };
  const onData = (chunk: Buffer): void => {
    held += chunk.toString();
    for (let end = held.indexOf("\r\n"); end >= 0; end = held.indexOf("\r\n")) {
      const line = held.slice(0, end);
      held = held.slice(end + 2);
      lines.push(line);
      const act = awaited ?? ((text: string) => script.obey(talk, text));
      awaited = undefined;
      act(line);
    }
  };
  socket.on("data", onData);
  return talk;
}

/** The peer, in the same thread, has turns in between. */
function writeBytes(socket: Socket, bytes: Buffer): void {
  if (bytes.length === 0 || socket.destroyed || socket.writableEnded) return;
  socket.write(bytes.subarray(0, 1));
  setImmediate(() => setImmediate(() => writeBytes(socket, bytes.subarray(1))));
}
