import assert from "node:assert/strict";
import type { MeasurementName } from "../../src/outcome/measurement.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";
import { integrationTest } from "./support/integration-test.ts";
import { parseExposition } from "./support/parse-exposition.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startStatusExporter } from "./support/status-exporter.ts";
import { startVsftpd, type Vsftpd } from "./support/vsftpd.ts";

/** Of this run alone, for it is a user of the machine. */
const ACCOUNT = { username: `ftp-test-${process.pid}`, password: "correct-horse" };

interface Case {
  readonly what: string;
  readonly module: string;
  readonly server: keyof Vsftpd;
  readonly outcome: Outcome;
  readonly detail?: RegExp;
  readonly samples?: Readonly<Partial<Record<MeasurementName, number>>>;
}

/** Probes of vsftpd and what must come of them: outcome, detail and some of the samples. */
const CASES: readonly Case[] = [
  {
    what: "an anonymous login in the clear, a listing, a size and a download",
    module: "clear",
    server: "open",
    outcome: "success",
    samples: { probe_ftp_directory_entries: 2, probe_ftp_file_size_bytes: 13, probe_ftp_starttls_used: 0 },
  },
  {
    what: "the same over TLS, whose session the data connections take up",
    module: "anonymous",
    server: "open",
    outcome: "success",
    samples: { probe_ftp_directory_entries: 2, probe_ftp_file_size_bytes: 13, probe_ftp_starttls_used: 1 },
  },
  {
    what: "the same with TLS from the first byte",
    module: "anonymous",
    server: "implicit",
    outcome: "success",
    samples: { probe_ftp_directory_entries: 2, probe_ftp_file_size_bytes: 13 },
  },
  {
    what: "a user with the right password, who uploads a file and deletes it",
    module: "user",
    server: "open",
    outcome: "success",
    samples: { probe_ftp_directory_entries: 1, probe_ftp_starttls_used: 1, probe_ftp_reply_code: 250 },
  },
  {
    what: "the same by PASV, with an address that is not the server's",
    module: "user",
    server: "strict",
    outcome: "success",
    samples: { probe_ftp_directory_entries: 1 },
  },
  {
    what: "a wrong password",
    module: "wrong",
    server: "open",
    outcome: "login/rejected",
    detail: /PASS with \\"530 Login incorrect\.\\"/,
    samples: { probe_ftp_reply_code: 530 },
  },
  {
    what: "an anonymous user who is refused",
    module: "anonymous",
    server: "strict",
    outcome: "login/anonymous-denied",
  },
  {
    what: "a user in the clear where the server requires TLS",
    module: "user_clear",
    server: "strict",
    outcome: "login/rejected",
    detail: /530 Non-anonymous sessions must use encryption/,
  },
  {
    what: "a certificate of an unknown authority",
    module: "strangers",
    server: "open",
    outcome: "tls/unknown-authority",
  },
  {
    what: "a file that is missing",
    module: "missing",
    server: "open",
    outcome: "exchange/command-failed",
    detail: /RETR missing\.txt with \\"550 Failed to open file\.\\"/,
  },
  {
    what: "a file that nobody may read",
    module: "private",
    server: "open",
    outcome: "exchange/command-failed",
    detail: /RETR private\.txt with \\"550 /,
  },
  {
    what: "a directory that is missing",
    module: "missing_directory",
    server: "open",
    outcome: "exchange/command-failed",
    detail: /CWD \/missing with \\"550 Failed to change directory\.\\"/,
  },
  {
    what: "an upload by somebody who may not",
    module: "anonymous_upload",
    server: "open",
    outcome: "exchange/command-failed",
    detail: /STOR status-exporter-[\da-f-]+\.tmp with \\"550 Permission denied\.\\"/,
  },
  {
    what: "an upload to a directory that only root may write to",
    module: "locked",
    server: "open",
    outcome: "exchange/transfer-failed",
    detail: /STOR status-exporter-[\da-f-]+\.tmp with \\"553 Could not create file\.\\"/,
  },
];

integrationTest("probes vsftpd as it is used: anonymous, users, TLS, transfers, refusals", {
  programs: ["vsftpd", "openssl", "useradd", "chpasswd", "userdel"],
  async body(stack, context) {
    if (process.getuid?.() !== 0) return context.skip("vsftpd and its users need root");
    const certificate = await selfSignedCertificate(stack);
    const vsftpd = await startVsftpd(stack, { certificate, account: ACCOUNT });
    const exporter = await startStatusExporter(stack, modules(certificate.certificate));
    for (const { what, module, server, outcome, detail, samples = {} } of CASES) {
      await context.test(what, async () => {
        const scheme = server === "implicit" ? "ftps" : "ftp";
        const answer = await debug(exporter.origin, { module, target: `${scheme}://127.0.0.1:${vsftpd[server]}` });
        const families = parseExposition(answer);
        assert.match(answer, new RegExp(`^probe_outcome_info\\{outcome="${outcome}"`, "m"), answer);
        assert.equal(families.get("probe_ftp_banner_info")?.samples[0]?.labels["banner"], "(vsFTPd 3.0.3)");
        for (const [name, value] of Object.entries(samples)) {
          assert.equal(families.get(name)?.samples[0]?.value, value, `${name} in:\n${answer}`);
        }
        assert.match(answer, detail ?? /^/);
      });
    }
  },
});

/** The log of a probe and then its metrics. */
async function debug(origin: string, query: { readonly module: string; readonly target: string }): Promise<string> {
  const answer = await fetch(`${origin}/probe?${new URLSearchParams({ ...query, debug: "true" }).toString()}`);
  return await answer.text();
}

function modules(authority: string): string {
  const trust = `tls_config: { ca_file: ${authority} }`;
  const login = (password: string) => `${trust}, username: ${ACCOUNT.username}, password: ${password}`;
  const everything = "list: true, size: readme.txt, download: readme.txt";
  return `
modules:
  clear: ${ftp(`starttls: off, ${everything}`)}
  anonymous: ${ftp(`${trust}, ${everything}`)}
  user: ${ftp(`${login(ACCOUNT.password)}, list: true, upload: true, upload_size: 300KB`)}
  wrong: ${ftp(login("wrong-horse"))}
  user_clear: ${ftp(`${login(ACCOUNT.password)}, starttls: off, plaintext_login: allow`)}
  strangers: { prober: ftp, timeout: 10s }
  missing: ${ftp(`${trust}, download: missing.txt`)}
  private: ${ftp(`${trust}, download: private.txt`)}
  missing_directory: ${ftp(`${trust}, change_directory: /missing`)}
  anonymous_upload: ${ftp(`${trust}, upload: true`)}
  locked: ${ftp(`${login(ACCOUNT.password)}, change_directory: locked, upload: true`)}
`;
}

/** PAM takes two seconds over a wrong password. */
function ftp(settings: string): string {
  return `{ prober: ftp, timeout: 10s, ftp: { ${settings} } }`;
}
