import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary-directory.ts";

/** An authority made by openssl, with the files of what it has issued. */
export interface OpensslAuthority {
  readonly directory: string;
  /** PEM. */
  readonly certificate: string;
  /** Issues a certificate for localhost and 127.0.0.1 and yields the names of its files. */
  issue(name: string, options?: IssueOptions): { readonly certificate: string; readonly key: string };
  /** Makes the OCSP response (DER) about an issued certificate, and yields the name of its file. */
  ocspResponse(name: string, status: "good" | "revoked"): Promise<string>;
  /** Makes the list of revoked certificates (PEM), which has the named ones, and yields its text. */
  revocationList(revoked: readonly string[]): Promise<string>;
  /** Runs openssl in the directory. */
  run(...args: readonly string[]): string;
}

interface IssueOptions {
  readonly digest?: "sha256" | "sha1";
  readonly keyBits?: number;
  /** Lines of an extension file. */
  readonly extensions?: readonly string[];
}

export async function opensslAuthority(stack: AsyncDisposableStack): Promise<OpensslAuthority> {
  const directory = await temporaryDirectory(stack);
  const run = (...args: readonly string[]): string => runOpenssl(directory, args);
  run(
    ...words("req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Authority -keyout ca.key -out ca.pem"),
    ...words("-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign"),
  );
  return {
    directory,
    certificate: await readFile(join(directory, "ca.pem"), "utf8"),
    issue: (name, options) => issue(run, { name, ...options }),
    ocspResponse: (name, status) => ocspResponse(run, { directory, name, status }),
    revocationList: (revoked) => revocationList(run, { directory, revoked }),
    run,
  };
}

type Run = OpensslAuthority["run"];

function issue(run: Run, options: IssueOptions & { readonly name: string }): ReturnType<OpensslAuthority["issue"]> {
  const { name, digest = "sha256", keyBits = 2048, extensions = [] } = options;
  const files = { certificate: `${name}.pem`, key: `${name}.key` };
  const all = ["subjectAltName=DNS:localhost,IP:127.0.0.1", ...extensions].flatMap((line) => ["-addext", line]);
  run(...words(`req -newkey rsa:${keyBits} -nodes -subj /CN=${name} -keyout ${files.key} -out ${name}.csr`), ...all);
  run(
    ...words(`x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -days 20 -${digest} -copy_extensions copy`),
    ...words(`-out ${files.certificate}`),
  );
  return files;
}

/** openssl's responder reads a table of what was issued: state, end, revocation, serial number, file, subject. */
async function ocspResponse(
  run: Run,
  { directory, name, status }: { readonly directory: string; readonly name: string; readonly status: string },
): Promise<string> {
  await writeFile(join(directory, "index.txt"), row(run, { name, status }));
  const file = `${name}.ocsp`;
  run(
    ...words(`ocsp -index index.txt -rsigner ca.pem -rkey ca.key -CA ca.pem -issuer ca.pem -cert ${name}.pem`),
    ...words(`-ndays 1 -respout ${file}`),
  );
  return file;
}

function row(run: Run, { name, status }: { readonly name: string; readonly status: string }): string {
  const serial = run("x509", "-in", `${name}.pem`, "-noout", "-serial").trim().replace("serial=", "");
  const revoked = status === "revoked" ? "250101000000Z" : "";
  const cells = [status === "revoked" ? "R" : "V", "490101000000Z", revoked, serial, "unknown", `/CN=${name}`];
  return `${cells.join("\t")}\n`;
}

async function revocationList(
  run: Run,
  { directory, revoked }: { readonly directory: string; readonly revoked: readonly string[] },
): Promise<string> {
  const rows = revoked.map((name) => row(run, { name, status: "revoked" }));
  await writeFile(join(directory, "revoked.txt"), rows.join(""));
  await writeFile(join(directory, "ca.cnf"), "[ca]\ndefault_ca=own\n[own]\ndatabase=revoked.txt\ndefault_md=sha256\n");
  run(...words("ca -config ca.cnf -gencrl -crldays 1 -keyfile ca.key -cert ca.pem -out list.pem"));
  return await readFile(join(directory, "list.pem"), "utf8");
}

function runOpenssl(directory: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("openssl", args, { cwd: directory, encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}

function words(line: string): readonly string[] {
  return line.split(" ");
}
