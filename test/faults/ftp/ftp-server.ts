import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createSecureContext, type SecureContext, TLSSocket, type TlsOptions } from "node:tls";
import { type FaultServer, type Listen, startServer, type Traffic } from "../servers/fault-server.ts";

/** What a server does about a command: says something, or whatever a function does. */
export type Act = string | ((talk: Talk, argument: string) => unknown);

/** An FTP server as a table: what it does about each command. What it does not name, a healthy server does. */
export interface FtpScript {
  readonly greeting?: Act;
  /** By verb, e.g. `RETR`. */
  readonly commands?: Readonly<Record<string, Act>>;
  /** What AUTH TLS, or `implicit`, presents; without it AUTH is not known. */
  readonly tls?: TlsOptions;
  readonly security?: "implicit";
}

/** A server with all that it was told and given. */
export interface FtpServer extends FaultServer {
  readonly lines: readonly string[];
  /** What STOR received, by name, until DELE. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Whether the TLS session of the control connection was taken up, for each data connection. */
  readonly resumptions: readonly boolean[];
}

/** One control connection, as an act sees it. */
export interface Talk {
  readonly socket: Socket;
  readonly encrypted: boolean;
  say(...replies: readonly string[]): void;
  /** The same in segments of one byte. */
  sayBytes(...replies: readonly string[]): Promise<void>;
  /** Shakes hands and goes on within TLS. */
  startTls(): void;
  /** Listens for a data connection, and yields the port. */
  listen(): Promise<number>;
  /** The data connection, as soon as it is there and, where the control connection has TLS, secure. */
  data(): Promise<Socket>;
  /** The data connection as it is. */
  rawData(): Promise<Socket>;
  readonly store: Map<string, Buffer>;
}

/** A scripted FTP server on a free port of the loopback. */
export async function startFtpServer(script: FtpScript = {}, listen: Listen = startServer): Promise<FtpServer> {
  const house: House = {
    script,
    lines: [],
    files: new Map(),
    resumptions: [],
    dataSockets: new Set(),
    secureContext: script.tls === undefined ? undefined : createSecureContext(script.tls),
  };
  const serve = (socket: Socket): void => {
    const encrypted = script.security === "implicit";
    const talk = converse(encrypted ? secured(socket, house) : socket, { house, encrypted });
    perform(script.greeting ?? "220 ftp.test ready", talk, "");
  };
  const server = await listen(createServer({ noDelay: true }, serve));
  const { lines, files, resumptions } = house;
  return { ...server, ...together(server, house), lines, files, resumptions };
}

interface House {
  readonly script: FtpScript;
  readonly lines: string[];
  readonly files: Map<string, Buffer>;
  readonly resumptions: boolean[];
  readonly dataSockets: Set<Socket>;
  /** One for both kinds of connections, so that a session of the one can be taken up on the other. */
  readonly secureContext: SecureContext | undefined;
}

function together(server: Traffic, { dataSockets }: House): Traffic {
  return {
    connections: () => server.connections() + dataSockets.size,
    arrivals: server.arrivals,
    async [Symbol.asyncDispose]() {
      for (const data of dataSockets) data.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

function converse(socket: Socket, { house, encrypted }: { readonly house: House; readonly encrypted: boolean }): Talk {
  const { script, lines } = house;
  let held = "";
  let arriving: Promise<Socket> | undefined;
  // The peer may hang up at any moment; the end of the connection says all there is to say.
  socket.on("error", () => socket.destroy());
  const talk: Talk = {
    socket,
    encrypted,
    store: house.files,
    say: (...replies) => socket.write(linesOf(replies)),
    sayBytes: (...replies) => writeBytes(socket, linesOf(replies)),
    startTls() {
      socket.off("data", onData);
      converse(secured(socket, house), { house, encrypted: true });
    },
    async listen() {
      const { promise, resolve } = Promise.withResolvers<Socket>();
      arriving = promise;
      return await awaitData(socket, { house, onData: resolve });
    },
    async data() {
      const data = await talk.rawData();
      return encrypted ? secureData(data, house) : data;
    },
    rawData: () => arriving ?? Promise.reject(new Error("Expected EPSV or PASV before a transfer")),
  };
  const onData = (chunk: Buffer): void => {
    held += chunk.toString();
    for (let end = held.indexOf("\r\n"); end >= 0; end = held.indexOf("\r\n")) {
      const line = held.slice(0, end);
      held = held.slice(end + 2);
      lines.push(line);
      obey(line, talk, script);
    }
  };
  socket.on("data", onData);
  return talk;
}

/** Listens for one data connection, no longer than there is a control connection; yields the port. */
async function awaitData(
  control: Socket,
  { house, onData }: { readonly house: House; readonly onData: (data: Socket) => void },
): Promise<number> {
  const server = createServer({ noDelay: true });
  const stop = (): void => void server.close();
  control.once("close", stop);
  server.once("connection", (data) => {
    stop();
    house.dataSockets.add(data);
    data.on("error", () => data.destroy());
    data.on("close", () => house.dataSockets.delete(data));
    onData(data);
  });
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("Cannot read the port: there is none");
  return address.port;
}

function secured(socket: Socket, { secureContext }: House): TLSSocket {
  const channel = new TLSSocket(socket, { isServer: true, secureContext });
  channel.on("error", () => channel.destroy());
  return channel;
}

async function secureData(socket: Socket, house: House): Promise<Socket> {
  const channel = secured(socket, house);
  await new Promise((resolve) => channel.once("secure", resolve));
  house.resumptions.push(channel.isSessionReused());
  return channel;
}

async function writeBytes(socket: Socket, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    socket.write(Buffer.of(byte));
    // The peer, in the same thread, has turns in between.
    await nextTurn();
    await nextTurn();
  }
}

function linesOf(replies: readonly string[]): string {
  return replies.map((reply) => `${reply}\r\n`).join("");
}

function obey(line: string, talk: Talk, script: FtpScript): void {
  const [verb = ""] = line.toUpperCase().split(" ");
  const act = script.commands?.[verb] ?? (verb === "AUTH" && script.tls !== undefined ? agreeToTls : HEALTHY[verb]);
  perform(act ?? "500 Unknown command", talk, line.slice(verb.length + 1));
}

function perform(act: Act, talk: Talk, argument: string): void {
  if (typeof act === "string") talk.say(act);
  else void act(talk, argument);
}

function agreeToTls(talk: Talk): void {
  talk.say("234 Proceed with negotiation");
  talk.startTls();
}

/** What the healthy server's files hold. */
export const README = "All is well.\n";
export const LISTING = [
  "total 8",
  "drwxr-xr-x    2 ftp      ftp          4096 Feb 20  2025 pub",
  "-rw-r--r--    1 ftp      ftp            13 Feb 20  2025 readme.txt",
  "",
].join("\r\n");

/** Says where the data connection is awaited. */
async function agreeToExtendedPassive(talk: Talk): Promise<void> {
  talk.say(`229 Entering Extended Passive Mode (|||${await talk.listen()}|)`);
}

/** The same in the words of PASV, at this address. */
export async function agreeToPassive(talk: Talk, ip: string): Promise<void> {
  const port = await talk.listen();
  talk.say(`227 Entering Passive Mode (${[...ip.split("."), port >> 8, port & 255].join(",")})`);
}

/** Announces the transfer, does it and says so. */
export async function send(talk: Talk, content: string | Buffer): Promise<void> {
  talk.say("150 Here it comes");
  const data = await talk.data();
  data.end(content, () => talk.say("226 Transfer complete"));
}

async function receive(talk: Talk, name: string): Promise<void> {
  talk.say("150 Ok to send data");
  const data = await talk.data();
  const pieces: Buffer[] = [];
  data.on("data", (piece: Buffer) => pieces.push(piece));
  data.on("end", () => {
    talk.store.set(name, Buffer.concat(pieces));
    data.end();
    talk.say("226 Transfer complete");
  });
}

function remove(talk: Talk, name: string): void {
  talk.say(talk.store.delete(name) ? "250 Deleted" : "550 No such file");
}

const HEALTHY: Readonly<Record<string, Act>> = {
  USER: "331 Please specify the password",
  PASS: "230 Login successful",
  TYPE: "200 Switching to binary mode",
  PBSZ: "200 PBSZ set to 0",
  PROT: "200 PROT now private",
  CWD: "250 Directory changed",
  SIZE: `213 ${README.length}`,
  EPSV: agreeToExtendedPassive,
  PASV: (talk) => agreeToPassive(talk, "127.0.0.1"),
  LIST: (talk) => send(talk, LISTING),
  RETR: (talk) => send(talk, README),
  STOR: receive,
  DELE: remove,
  QUIT: (talk) => talk.socket.end("221 Goodbye\r\n"),
};
