import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Debian's Alertmanager with this configuration, alone. */
export async function startAlertmanager(stack: AsyncDisposableStack, configuration: string): Promise<ServerProcess> {
  const directory = await temporaryDirectory(stack);
  const port = await freePort();
  const file = join(directory, "alertmanager.yml");
  await writeFile(file, configuration);
  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(directory, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
  ];
  return startServer(stack, { command: "prometheus-alertmanager", args, port });
}
