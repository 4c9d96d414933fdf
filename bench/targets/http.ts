import { createServer, type Socket } from "node:net";

/**
 * A web server that answers every request with the same small page. It speaks just enough HTTP for that, because it
 * shares the machine with what is measured: a request is whatever ends in an empty line.
 */
const BODY = "<!doctype html><title>Benchmark</title><p>All is well.\n";
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${BODY.length}\r\n`;
const KEEP = Buffer.from(`${HEAD}\r\n${BODY}`);
const CLOSE = Buffer.from(`${HEAD}Connection: close\r\n\r\n${BODY}`);

const server = createServer({ noDelay: true }, serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`${address.port}\n`);
});

function serve(socket: Socket): void {
  let request = "";
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    request += text;
    if (!request.endsWith("\r\n\r\n")) return;
    if (/^connection: *close/im.test(request)) socket.end(CLOSE);
    else socket.write(KEEP);
    request = "";
  });
  // A prober that has seen enough may reset the connection; that is its right and no fault of the benchmark.
  socket.on("error", () => socket.destroy());
}
