import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Debian's Alertmanager with this configuration, alone; on a free port if none is given. */
export async function startAlertmanager(
  stack: AsyncDisposableStack,
  configuration: string,
  given: { readonly port?: number; readonly logFile?: string } = {},
): Promise<ServerProcess> {
  const directory = await temporaryDirectory(stack);
  const port = given.port ?? (await freePort());
  const file = join(directory, "alertmanager.yml");
  await writeFile(file, configuration);
  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(directory, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://localhost:${port}`,
    "--cluster.listen-address=",
  ];
  // Debian's name, or that of everybody else.
  const command = findProgram("prometheus-alertmanager") ?? "alertmanager";
  return startServer(stack, { command, args, port, logFile: given.logFile });
}
