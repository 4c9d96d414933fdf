import assert from "node:assert/strict";
import type { MeasurementName } from "../../src/outcome/measurement.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";
import { integrationTest } from "./support/integration-test.ts";
import { parseExposition } from "./support/parse-exposition.ts";
import { type PostfixPorts, startPostfix } from "./support/postfix.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startStatusExporter } from "./support/status-exporter.ts";

const ACCOUNT = { username: "prober", password: "hunter2-hunter2" };

/** Probes of postfix and what must come of them: outcome and some of the samples. */
const CASES: readonly Case[] = [
  {
    what: "a server that offers STARTTLS",
    module: "anonymous",
    port: "relay",
    outcome: "success",
    samples: {
      probe_smtp_starttls_offered: 1,
      probe_smtp_starttls_used: 1,
      probe_smtp_size_limit_bytes: 1_234_567,
      probe_smtp_reply_code: 250,
    },
  },
  {
    what: "TLS from the first byte",
    module: "anonymous",
    port: "implicit",
    outcome: "success",
    samples: { probe_smtp_reply_code: 250 },
  },
  {
    what: "a certificate of an unknown authority",
    module: "strangers",
    port: "relay",
    outcome: "tls/unknown-authority",
    samples: { probe_smtp_starttls_offered: 1, probe_smtp_starttls_used: 0 },
  },
  {
    what: "a server without TLS where that is required",
    module: "required",
    port: "plain",
    outcome: "tls/not-offered",
    samples: { probe_smtp_starttls_offered: 0 },
  },
  ...["plain", "login", "cram-md5"].map(
    (method): Case => ({
      what: `the right password by ${method}`,
      module: `right_${method}`,
      port: "submission",
      outcome: "success",
      samples: { probe_smtp_reply_code: 235 },
    }),
  ),
  {
    what: "the right password where TLS is there from the first byte",
    module: "right_plain",
    port: "implicit",
    outcome: "success",
    samples: { probe_smtp_reply_code: 235 },
  },
  ...["plain", "login", "cram-md5"].map(
    (method): Case => ({
      what: `a wrong password by ${method}`,
      module: `wrong_${method}`,
      port: "submission",
      outcome: "login/rejected",
      samples: { probe_smtp_reply_code: 535 },
    }),
  ),
  {
    what: "a password that would go in the clear",
    module: "right_plain",
    port: "plain",
    outcome: "tls/not-offered",
    samples: {},
  },
  {
    what: "a password that may go in the clear",
    module: "clear",
    port: "plain",
    outcome: "success",
    samples: { probe_smtp_reply_code: 235 },
  },
  {
    what: "a mailbox that is there",
    module: "mailbox",
    port: "relay",
    outcome: "success",
    samples: { probe_smtp_reply_code: 250 },
  },
  {
    what: "a mailbox that is not there",
    module: "no_mailbox",
    port: "relay",
    outcome: "exchange/malformed",
    samples: { probe_smtp_reply_code: 550 },
  },
  {
    what: "a mailbox elsewhere, without a login",
    module: "elsewhere",
    port: "relay",
    outcome: "exchange/malformed",
    samples: { probe_smtp_reply_code: 554 },
  },
  {
    what: "a mailbox elsewhere, with a login",
    module: "elsewhere_with_login",
    port: "submission",
    outcome: "success",
    samples: { probe_smtp_reply_code: 250 },
  },
  {
    what: "a sender where TLS is wanted and the module has none of it",
    module: "off",
    port: "submission",
    outcome: "exchange/malformed",
    samples: { probe_smtp_reply_code: 530 },
  },
];

interface Case {
  readonly what: string;
  readonly module: string;
  readonly port: keyof PostfixPorts;
  readonly outcome: Outcome;
  readonly samples: Partial<Record<MeasurementName, number>>;
}

integrationTest("probes postfix as it is used: relay, submission, STARTTLS, logins, mailboxes", {
  programs: ["postfix", "dovecot", "openssl"],
  async body(stack, context) {
    if (process.getuid?.() !== 0) return context.skip("postfix starts as root only");
    const certificate = await selfSignedCertificate(stack);
    const ports = await startPostfix(stack, { certificate, account: ACCOUNT });
    const exporter = await startStatusExporter(stack, modules(certificate.certificate));
    for (const { what, module, port, outcome, samples } of CASES) {
      await context.test(what, async () => {
        const scheme = port === "implicit" ? "smtps" : "smtp";
        const answer = await exporter.probe(module, `${scheme}://127.0.0.1:${ports[port]}`);
        const families = parseExposition(answer);
        assert.match(answer, new RegExp(`^probe_outcome_info\\{outcome="${outcome}"`, "m"), answer);
        for (const [name, value] of Object.entries(samples)) {
          assert.equal(families.get(name)?.samples[0]?.value, value, `${name} in:\n${answer}`);
        }
      });
    }
  },
});

function modules(authority: string): string {
  const trust = `tls_config: { ca_file: ${authority} }`;
  const login = (password: string) => `${trust}, username: ${ACCOUNT.username}, password: ${password}`;
  const methods = ["plain", "login", "cram-md5"].map(
    (method) => `
  right_${method}: ${smtp(`${login(ACCOUNT.password)}, auth_method: ${method}`)}
  wrong_${method}: ${smtp(`${login("wrong")}, auth_method: ${method}`)}`,
  );
  return `
modules:
  anonymous: ${smtp(trust)}
  strangers: { prober: smtp, timeout: 5s }
  required: ${smtp("starttls: required")}
  off: ${smtp("starttls: off, mail_from: prober@mail.test")}
  clear: ${smtp(`${login(ACCOUNT.password)}, plaintext_login: allow`)}
  mailbox: ${smtp(`${trust}, recipient: prober@mail.test`)}
  no_mailbox: ${smtp(`${trust}, recipient: nobody@mail.test`)}
  elsewhere: ${smtp(`${trust}, recipient: user@example.com`)}
  elsewhere_with_login: ${smtp(`${login(ACCOUNT.password)}, mail_from: prober@mail.test, recipient: user@example.com`)}
${methods.join("")}
`;
}

function smtp(settings: string): string {
  return `{ prober: smtp, timeout: 5s, smtp: { ${settings} } }`;
}
