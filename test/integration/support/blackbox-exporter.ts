import { freePort } from "./free-port.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

/** Debian's blackbox_exporter with a configuration file. */
export async function startBlackboxExporter(
  stack: AsyncDisposableStack,
  configurationFile: string,
): Promise<ServerProcess> {
  const port = await freePort();
  const args = [`--config.file=${configurationFile}`, `--web.listen-address=127.0.0.1:${port}`];
  return startServer(stack, { command: "prometheus-blackbox-exporter", args, port });
}
