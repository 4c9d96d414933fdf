import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FaultServer, track } from "./fault-server.ts";

/** Listens on a Unix socket in a directory of its own. */
export async function startUnixServer(server: Server): Promise<FaultServer> {
  const directory = await mkdtemp(join(tmpdir(), "fault-"));
  const path = join(directory, "socket");
  const tracked = track(server);
  server.listen(path);
  await once(server, "listening");
  return {
    ...tracked,
    host: path,
    port: 0,
    async [Symbol.asyncDispose]() {
      await tracked[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}
