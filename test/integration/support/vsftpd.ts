import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import type { CertificateFiles } from "./self-signed-certificate.ts";
import { startServer } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The ports of three servers, each of which differs from the others in what it lets in. */
export interface Vsftpd {
  /** Lets anybody in, with TLS or without. */
  readonly open: number;
  /** Lets only users in, and only with TLS; knows no EPSV, and names an address for PASV that is not its own. */
  readonly strict: number;
  /** Speaks TLS from the first byte. */
  readonly implicit: number;
}

/** A user of this machine, whose home has a directory `locked` in which only root may write. */
export interface FtpAccount {
  readonly username: string;
  readonly password: string;
}

/**
 * Starts vsftpd thrice. Anonymous users find `readme.txt`, and `private.txt`, which they may not read. Needs root: the
 * account is a user of this machine for as long as the test runs, for vsftpd knows no others without further modules.
 */
export async function startVsftpd(
  stack: AsyncDisposableStack,
  options: { readonly certificate: CertificateFiles; readonly account: FtpAccount },
): Promise<Vsftpd> {
  const directory = await temporaryDirectory(stack);
  // Those who serve leave root's rights behind, and have to find their way.
  await chmod(directory, 0o755);
  await mkdir(join(directory, "empty"));
  await fillPublicDirectory(join(directory, "public"));
  await addUser(stack, { home: join(directory, "home"), account: options.account });
  const start = (name: string, differences: string): Promise<number> =>
    startOne(stack, { file: join(directory, `${name}.conf`), configuration: common(directory, options) + differences });
  return {
    open: await start("open", "anonymous_enable=YES\nallow_anon_ssl=YES\nforce_local_logins_ssl=NO\n"),
    strict: await start("strict", "anonymous_enable=NO\ncmds_denied=EPSV\npasv_address=10.255.255.1\n"),
    implicit: await start("implicit", "anonymous_enable=YES\nallow_anon_ssl=YES\nimplicit_ssl=YES\n"),
  };
}

async function fillPublicDirectory(path: string): Promise<void> {
  await mkdir(path);
  await writeFile(join(path, "readme.txt"), "All is well.\n", { mode: 0o644 });
  await writeFile(join(path, "private.txt"), "Nobody reads this.\n", { mode: 0o600 });
}

async function addUser(
  stack: AsyncDisposableStack,
  { home, account }: { readonly home: string; readonly account: FtpAccount },
): Promise<void> {
  const { username, password } = account;
  // The shell is one of /etc/shells, which vsftpd's rules for logins ask for.
  run("useradd", { args: ["--create-home", "--home-dir", home, "--shell", "/bin/sh", username] });
  stack.defer(() => run("userdel", { args: [username] }));
  run("chpasswd", { args: [], input: `${username}:${password}\n` });
  await mkdir(join(home, "locked"), { mode: 0o755 });
}

function run(
  program: string,
  { args, input = "" }: { readonly args: readonly string[]; readonly input?: string },
): void {
  const { status, stderr } = spawnSync(`/usr/sbin/${program}`, args, { encoding: "utf8", input });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
}

async function startOne(
  stack: AsyncDisposableStack,
  { file, configuration }: { readonly file: string; readonly configuration: string },
): Promise<number> {
  const port = await freePort();
  await writeFile(file, `${configuration}listen_port=${port}\n`);
  await startServer(stack, { command: "vsftpd", args: [file], port });
  return port;
}

/** Containers forbid the sandboxes, which are not what is tested. Data connections have to take up the TLS session. */
function common(directory: string, { certificate }: { readonly certificate: CertificateFiles }): string {
  return `listen=YES
listen_address=127.0.0.1
background=NO
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
secure_chroot_dir=${directory}/empty
anon_root=${directory}/public
local_enable=YES
write_enable=YES
delay_failed_login=0
xferlog_enable=NO
ssl_enable=YES
ssl_ciphers=HIGH
require_ssl_reuse=YES
rsa_cert_file=${certificate.certificate}
rsa_private_key_file=${certificate.key}
`;
}
