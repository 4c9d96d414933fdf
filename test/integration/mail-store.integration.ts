import assert from "node:assert/strict";
import { type Dovecot, startDovecot } from "./support/dovecot.ts";
import { integrationTest } from "./support/integration-test.ts";
import { parseExposition } from "./support/parse-exposition.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startStatusExporter } from "./support/status-exporter.ts";

const MESSAGE = "From: one@example.test\r\nTo: prober@example.test\r\nSubject: Hello\r\n\r\nHello there.\r\n";
const PASSWORDS = { prober: "correct-horse", müller: 'qu"ote\\d pässwort' };

/** Probes of dovecot and what must come of them: outcome and some of the samples. */
const CASES = [
  {
    what: "IMAP without credentials",
    module: "imap",
    target: "imap://127.0.0.1:IMAP",
    outcome: "success",
    samples: { probe_imap_starttls_offered: 1, probe_imap_starttls_used: 1 },
  },
  {
    what: "a login over imaps",
    module: "imap_login",
    target: "imaps://127.0.0.1:SECURE_IMAP",
    outcome: "success",
    samples: { probe_imap_messages: 2, probe_imap_unseen_messages: 2, probe_imap_uid_next: 3 },
  },
  {
    what: "a login after STARTTLS",
    module: "imap_login",
    target: "imap://127.0.0.1:IMAP",
    outcome: "success",
    samples: { probe_imap_messages: 2, probe_imap_starttls_used: 1 },
  },
  {
    what: "a login by AUTHENTICATE PLAIN",
    module: "imap_plain",
    target: "imap://127.0.0.1:IMAP",
    outcome: "success",
    samples: { probe_imap_messages: 2 },
  },
  {
    what: "a name and a password that no quotes can hold",
    module: "imap_literals",
    target: "imap://127.0.0.1:IMAP",
    outcome: "success",
    samples: { probe_imap_messages: 2 },
  },
  {
    what: "a mailbox that does not exist",
    module: "imap_mailbox",
    target: "imap://127.0.0.1:IMAP",
    outcome: "exchange/malformed",
    samples: {},
  },
  {
    what: "a wrong password for IMAP",
    module: "imap_wrong",
    target: "imaps://127.0.0.1:SECURE_IMAP",
    outcome: "login/rejected",
    samples: {},
  },
  {
    what: "a login for IMAP without the TLS that the server requires",
    module: "imap_clear",
    target: "imap://127.0.0.1:IMAP",
    outcome: "login/rejected",
    samples: { probe_imap_starttls_used: 0 },
  },
  {
    what: "a certificate for IMAP that nobody vouches for",
    module: "imap_untrusting",
    target: "imaps://127.0.0.1:SECURE_IMAP",
    outcome: "tls/unknown-authority",
    samples: {},
  },
  {
    what: "IMAP where POP3 is spoken",
    module: "imap",
    target: "imap://127.0.0.1:POP3",
    outcome: "exchange/malformed",
    samples: {},
  },
  {
    what: "POP3 without credentials",
    module: "pop3",
    target: "pop3://127.0.0.1:POP3",
    outcome: "success",
    samples: { probe_pop3_starttls_offered: 1, probe_pop3_starttls_used: 1 },
  },
  {
    what: "a login over pop3s",
    module: "pop3_login",
    target: "pop3s://127.0.0.1:SECURE_POP3",
    outcome: "success",
    samples: { probe_pop3_messages: 2, probe_pop3_maildrop_size_bytes: 2 * MESSAGE.length },
  },
  {
    what: "a login after STLS",
    module: "pop3_login",
    target: "pop3://127.0.0.1:POP3",
    outcome: "success",
    samples: { probe_pop3_messages: 2, probe_pop3_starttls_used: 1 },
  },
  {
    what: "a login by PLAIN",
    module: "pop3_plain",
    target: "pop3://127.0.0.1:POP3",
    outcome: "success",
    samples: { probe_pop3_messages: 2 },
  },
  {
    what: "a wrong password for POP3",
    module: "pop3_wrong",
    target: "pop3s://127.0.0.1:SECURE_POP3",
    outcome: "login/rejected",
    samples: {},
  },
  {
    what: "a login for POP3 without the TLS that the server requires",
    module: "pop3_clear",
    target: "pop3://127.0.0.1:POP3",
    outcome: "login/rejected",
    samples: { probe_pop3_starttls_used: 0 },
  },
] as const;

integrationTest("probes dovecot as it is used: logins over TLS, wrong passwords, passwords in the clear", {
  programs: ["dovecot", "/usr/lib/dovecot/imap-login", "/usr/lib/dovecot/pop3-login", "openssl"],
  async body(stack, context) {
    const certificate = await selfSignedCertificate(stack);
    const dovecot = await startDovecot(stack, { certificate, passwords: PASSWORDS, messages: [MESSAGE, MESSAGE] });
    const exporter = await startStatusExporter(stack, modules(certificate.certificate));
    for (const { what, module, target, outcome, samples } of CASES) {
      await context.test(what, async () => {
        const answer = await exporter.probe(module, placed(target, dovecot));
        const families = parseExposition(answer);
        assert.match(answer, new RegExp(`^probe_outcome_info\\{outcome="${outcome}"`, "m"), answer);
        for (const [name, value] of Object.entries(samples)) {
          assert.equal(families.get(name)?.samples[0]?.value, value, `${name} in:\n${answer}`);
        }
      });
    }
    assert.doesNotMatch(exporter.output(), /correct-horse|pässwort/u);
  },
});

function placed(target: string, { imap, imaps, pop3, pop3s }: Dovecot): string {
  return target
    .replace("SECURE_IMAP", String(imaps))
    .replace("SECURE_POP3", String(pop3s))
    .replace("IMAP", String(imap))
    .replace("POP3", String(pop3));
}

/** JSON, which is YAML. */
function modules(authority: string): string {
  const trust = { tls_config: { ca_file: authority } };
  const login = { ...trust, username: "prober", password: PASSWORDS.prober };
  // To dovecot, its own address is as good as TLS.
  const clear = { ...login, starttls: "off", plaintext_login: "allow", source_ip_address: "127.0.0.2" };
  const blocks = {
    imap: trust,
    imap_login: login,
    imap_plain: { ...login, auth_method: "plain" },
    imap_literals: { ...trust, username: "müller", password: PASSWORDS["müller"] },
    imap_mailbox: { ...login, mailbox: "Nowhere" },
    imap_wrong: { ...login, password: "battery-staple" },
    imap_clear: clear,
    imap_untrusting: {},
    pop3: trust,
    pop3_login: login,
    pop3_plain: { ...login, auth_method: "plain" },
    pop3_wrong: { ...login, password: "battery-staple" },
    pop3_clear: clear,
  };
  const named = Object.entries(blocks).map(([name, block]) => {
    const [prober = ""] = name.split("_");
    return [name, { prober, timeout: "5s", [prober]: block }] as const;
  });
  return JSON.stringify({ modules: Object.fromEntries(named) });
}
