import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { startWebServer } from "../../src/command-line/web-server.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

const SILENT = [
  { what: "says nothing", scheme: "http", text: "" },
  { what: "stops in the middle of its request", scheme: "http", text: "GET / HTTP/1.1\r\nHost: localh" },
  { what: "has connected for TLS and says nothing", scheme: "https", text: "" },
] as const;

for (const { what, scheme, text } of SILENT) {
  test(`a client that ${what} does not keep the server from stopping`, async () => {
    const accepted = Promise.withResolvers<void>();
    const web = await startWebServer({
      createServer: () => {
        const server = scheme === "http" ? createServer() : createTlsServer();
        return server.on("connection", () => accepted.resolve());
      },
      addresses: [LOOPBACK],
      scheme,
    });
    const client = connectTo(web.urls);
    await accepted.promise;
    await new Promise<void>((resolve) => void client.write(text === "" ? Buffer.alloc(0) : text, () => resolve()));

    await Promise.all([web.close(), closeOf(client)]);
  });
}

test("an answer in flight leaves before the connections end, and says that its own will", async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  const web = await startWebServer({
    createServer: () => createServer((_request, response) => asked.resolve(response)),
    addresses: [LOOPBACK],
    scheme: "http",
  });
  const answer = ask(web.urls, new Agent({ keepAlive: true }));
  const response = await asked.promise;

  const closed = web.close();
  response.end("the answer");

  const { headers, text } = await answer;
  assert.equal(text, "the answer");
  assert.equal(headers.connection, "close");
  await closed;
});

test("no connection is taken once the server stops", async () => {
  const web = await startWebServer({ createServer, addresses: [LOOPBACK], scheme: "http" });
  const closed = web.close();
  await assert.rejects(once(connectTo(web.urls), "connect"), { code: "ECONNREFUSED" });
  await closed;
});

test("it listens on every address with one server each", async () => {
  const servers: Server[] = [];
  const web = await startWebServer({
    createServer: () => {
      const server = createServer((_request, response) => response.end("here"));
      servers.push(server);
      return server;
    },
    addresses: [LOOPBACK, LOOPBACK],
    scheme: "http",
  });
  assert.equal(servers.length, 2);
  for (const url of web.urls) assert.equal((await ask([url])).text, "here");
  await web.close();
});

function connectTo([url = ""]: readonly string[]): Socket {
  const client = connect(Number(new URL(url).port), LOOPBACK.host);
  // The server may end it in any way.
  client.on("error", () => client.destroy());
  return client;
}

function closeOf(client: Socket): Promise<void> {
  return new Promise((resolve) => void client.once("close", () => resolve()));
}

async function ask([url = ""]: readonly string[], agent: Agent = new Agent()) {
  const [response]: IncomingMessage[] = await once(get(url, { agent }), "response");
  assert.ok(response !== undefined);
  const text = (await response.toArray()).join("");
  return { headers: response.headers, text };
}
