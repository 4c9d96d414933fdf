import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import type { CertificateFiles } from "./self-signed-certificate.ts";
import { startServer } from "./server-process.ts";

/** Debian's own Python, which finds the modules of Debian's packages. */
export const PYTHON = "/usr/bin/python3";

/** Starts a server of this folder that is written in Python and takes a port, one for TLS, and a certificate. */
export async function startPythonServer(
  stack: AsyncDisposableStack,
  { file, certificate }: { readonly file: string; readonly certificate: CertificateFiles },
): Promise<{ readonly plain: number; readonly tls: number }> {
  const ports = { plain: await freePort(), tls: await freePort() };
  const program = fileURLToPath(new URL(file, import.meta.url));
  const args = [program, String(ports.plain), String(ports.tls), certificate.certificate, certificate.key];
  await startServer(stack, { command: PYTHON, args, port: ports.tls });
  return ports;
}
