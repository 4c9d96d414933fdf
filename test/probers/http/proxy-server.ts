import { connect, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { type FaultServer, startServer } from "../../faults/servers/fault-server.ts";

export interface ProxyServer extends FaultServer {
  /** What each connection asked for: the head of the request, or the SOCKS destination. */
  readonly asked: readonly string[];
}

/** An HTTP proxy: opens tunnels for CONNECT, passes everything else on to `origin`; `refuse` answers instead. */
export async function startHttpProxy(
  options: { readonly origin?: { readonly host: string; readonly port: number }; readonly refuse?: string } = {},
  tls?: TlsOptions,
): Promise<ProxyServer> {
  const asked: string[] = [];
  const serve = (client: Socket): void => {
    client.on("error", () => client.destroy());
    let text = "";
    const onData = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      if (end === -1) return;
      client.off("data", onData);
      asked.push(text.slice(0, end));
      const { refuse, origin } = options;
      if (refuse !== undefined) return void client.resume().end(refuse);
      const [method = "", target = ""] = text.split(" ");
      const [, host = "", port = ""] = /^(.*):(\d+)$/u.exec(target) ?? [];
      const place = method === "CONNECT" ? { host: host.replaceAll(/[[\]]/gu, ""), port: Number(port) } : origin;
      if (place === undefined) throw new TypeError("No origin for a plain request");
      const server = connect(place, () => {
        if (method === "CONNECT") client.write("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n");
        else server.write(text, "latin1");
        client.pipe(server).pipe(client);
      });
      server.on("error", () => client.destroy());
      client.on("close", () => server.destroy());
    };
    client.on("data", onData);
  };
  const server = await startServer(tls === undefined ? createServer(serve) : createTlsServer(tls, serve));
  return { ...server, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A SOCKS5 proxy with or without a password; `reply` is its answer to the command, 0 connects. */
export async function startSocksProxy(
  options: { readonly password?: string; readonly reply?: number } = {},
): Promise<ProxyServer> {
  const asked: string[] = [];
  const { password, reply = 0 } = options;
  const serve = async (client: Socket): Promise<void> => {
    const methods = await read(client);
    const wanted = password === undefined ? 0 : 2;
    const offered = [...methods.subarray(2)].includes(wanted);
    client.write(Buffer.from([5, offered ? wanted : 0xff]));
    if (!offered) return void client.end();
    if (password !== undefined) {
      const sent = await read(client);
      const secret = sent.subarray(3 + (sent[1] ?? 0)).toString();
      client.write(Buffer.from([1, secret === password ? 0 : 1]));
      if (secret !== password) return void client.end();
    }
    const command = await read(client);
    const place = destination(command);
    asked.push(`${place.host}:${place.port}`);
    const answer = Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, 0, 80]);
    if (reply !== 0) return void client.end(answer);
    const server = connect(place, () => {
      // In two pieces, for a reply may be cut anywhere.
      client.write(answer.subarray(0, 3));
      client.write(answer.subarray(3));
      client.pipe(server).pipe(client);
    });
    server.on("error", () => client.destroy());
    client.on("close", () => server.destroy());
  };
  const server = await startServer(createServer((client) => void serve(client)));
  return { ...server, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function read(socket: Socket): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  socket.once("data", (chunk: Buffer) => {
    socket.pause();
    resolve(chunk);
  });
  socket.resume();
  return promise;
}

function destination(command: Buffer): { readonly host: string; readonly port: number } {
  const port = command.readUInt16BE(command.length - 2);
  const address = command.subarray(4, -2);
  return command[3] === 3 ? { host: address.subarray(1).toString(), port } : { host: address.join("."), port };
}
