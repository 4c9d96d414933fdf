import { createServer, type Socket } from "node:net";

/** Takes connections, says nothing, and closes each when its peer does. */
const server = createServer(serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`${address.port}\n`);
});

function serve(socket: Socket): void {
  socket.resume();
  // A prober that has seen enough may reset the connection; that is its right and no fault of the benchmark.
  socket.on("error", () => socket.destroy());
}
