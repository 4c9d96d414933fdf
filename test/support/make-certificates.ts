/**
 * Writes a certificate for each problem into a folder, with its key and what is to be stapled, and the root to trust:
 * for trying things out by hand, e.g. with `openssl s_server -cert_chain expired.pem -cert expired.pem -key expired.key`.
 *
 *     node test/support/make-certificates.ts FOLDER
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority } from "./certificates.ts";
import { type ProblemIdentity, problemCertificates } from "./problem-certificates.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("Name the folder to write to: node test/support/make-certificates.ts FOLDER\n");
  process.exitCode = 2;
} else {
  await makeCertificates(folder);
}

async function makeCertificates(into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const root = await createAuthority();
  await writeFile(join(into, "root.pem"), root.certificate);
  const sound: ProblemIdentity = { identity: await root.issue() };
  const all = [["sound", () => Promise.resolve(sound)] as const, ...Object.entries(problemCertificates(root))];
  for (const [name, make] of all) {
    const { identity, staple } = await make();
    await writeFile(join(into, `${name}.pem`), identity.chain);
    await writeFile(join(into, `${name}.key`), identity.key, { mode: 0o600 });
    if (staple !== undefined) await writeFile(join(into, `${name}.ocsp`), staple);
  }
}
