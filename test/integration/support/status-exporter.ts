import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The exporter's entry, as `npm start` calls it. */
export const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

/** The exporter as its users run it, with this configuration. */
export interface StatusExporter extends ServerProcess {
  readonly configurationFile: string;
  /** What `/probe` answers. */
  probe(module: string, target: string): Promise<string>;
}

/** What must survive is kept in the folder `storage`; in memory if absent. */
export async function startStatusExporter(
  stack: AsyncDisposableStack,
  configuration: string,
  { storage = "" }: { readonly storage?: string } = {},
): Promise<StatusExporter> {
  const configurationFile = join(await temporaryDirectory(stack), "status.yml");
  await writeFile(configurationFile, configuration);
  const port = await freePort();
  const flags = [`--storage.path=${storage}`, `--web.listen-address=127.0.0.1:${port}`];
  const args = [MAIN, `--config.file=${configurationFile}`, ...flags];
  const server = await startServer(stack, { command: process.execPath, args, port });
  return { ...server, configurationFile, probe: (module, target) => askProbe(server.origin, { module, target }) };
}

/** What `/probe` of an exporter answers, ours or blackbox_exporter. */
export async function askProbe(
  origin: string,
  query: { readonly module: string; readonly target: string },
): Promise<string> {
  const answer = await fetch(`${origin}/probe?${new URLSearchParams(query).toString()}`);
  return await answer.text();
}
