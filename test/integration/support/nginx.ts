import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Starts nginx in the foreground with these `server` blocks; `PORT` in them stands for the port that it gets. */
export async function startNginx(stack: AsyncDisposableStack, servers: string): Promise<ServerProcess> {
  const directory = await temporaryDirectory(stack);
  const port = await freePort();
  const file = join(directory, "nginx.conf");
  await writeFile(file, configuration(directory, servers.replaceAll("PORT", String(port))));
  return startServer(stack, { command: "nginx", args: ["-p", directory, "-c", file, "-e", "stderr"], port });
}

/** Everything that nginx writes goes below the test's directory, so that it needs no rights and leaves nothing. */
function configuration(directory: string, servers: string): string {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
    daemon off;
    worker_processes 1;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    pid ${directory}/nginx.pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      ${paths.map((path) => `${path}_temp_path ${directory}/${path};`).join("\n      ")}
      ${servers}
    }
  `;
}
