import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../fault.ts";
import { startStreamServer } from "../servers/stream-server.ts";

/** More than the kernel's buffers on both sides hold, so that some of it is always still to be sent. */
const BODY_BYTES = 32 * 1024 * 1024;

/** What may go wrong while the request itself is sent. */
export const UPLOAD_FAULTS: readonly Fault[] = [
  {
    subject: "http",
    name: "a server that resets the connection while the request is sent",
    outcome: "exchange/send-failed",
    async start() {
      await using starting = new AsyncDisposableStack();
      const directory = await mkdtemp(join(tmpdir(), "fault-"));
      starting.defer(() => rm(directory, { recursive: true }));
      const bodyFile = join(directory, "body");
      await using file = await open(bodyFile, "w");
      await file.truncate(BODY_BYTES);
      const server = starting.use(
        await startStreamServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
      );
      const { connections, arrivals } = server;
      const running = starting.move();
      return {
        target: `http://${server.host}:${server.port}/`,
        module: { prober: "http", timeout: "5s", http: { method: "POST", body_file: bodyFile } },
        server: { connections, arrivals, [Symbol.asyncDispose]: () => running.disposeAsync() },
      };
    },
  },
];
