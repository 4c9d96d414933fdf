import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Debian's module for what is not HTTP. */
export const NGINX_STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so";

/** Starts nginx in the foreground with these `server` blocks; `PORT` in them stands for the port that it gets. */
export function startNginx(stack: AsyncDisposableStack, servers: string): Promise<ServerProcess> {
  return start(stack, (directory) => `http { access_log off; ${temporaryPaths(directory)} ${servers} }`);
}

/** The same with `server` blocks of its stream module, which talk plain TCP, TLS and UDP. */
export function startNginxStream(stack: AsyncDisposableStack, servers: string): Promise<ServerProcess> {
  return start(stack, () => `load_module ${NGINX_STREAM}; stream { ${servers} }`);
}

async function start(stack: AsyncDisposableStack, block: (directory: string) => string): Promise<ServerProcess> {
  const directory = await temporaryDirectory(stack);
  const port = await freePort();
  const file = join(directory, "nginx.conf");
  await writeFile(file, configuration(directory, block(directory).replaceAll("PORT", String(port))));
  return startServer(stack, { command: "nginx", args: ["-p", directory, "-c", file, "-e", "stderr"], port });
}

/** Everything that nginx writes goes below the test's directory, so that it needs no rights and leaves nothing. */
function configuration(directory: string, block: string): string {
  return `
    daemon off;
    worker_processes 1;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    pid ${directory}/nginx.pid;
    error_log stderr;
    ${block}
    events {}
  `;
}

function temporaryPaths(directory: string): string {
  const uses = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return uses.map((use) => `${use}_temp_path ${directory}/${use};`).join(" ");
}
