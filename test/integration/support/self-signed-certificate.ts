import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Files of a certificate for localhost, 127.0.0.1 and 127.0.0.2 that is its own authority, made by openssl. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export async function selfSignedCertificate(stack: AsyncDisposableStack): Promise<CertificateFiles> {
  const directory = await temporaryDirectory(stack);
  const files = { certificate: join(directory, "certificate.pem"), key: join(directory, "key.pem") };
  const made = spawnSync("openssl", [...REQUEST, "-out", files.certificate, "-keyout", files.key], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  return files;
}

const REQUEST =
  "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:127.0.0.2".split(
    " ",
  );
