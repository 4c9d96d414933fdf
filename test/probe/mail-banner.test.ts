import assert from "node:assert/strict";
import { test } from "node:test";
import { mailBanner } from "../../src/probe/mail-banner.ts";

/** Greetings as servers in use have them. */
const GREETINGS = [
  ["mail.example.com ESMTP Exim 4.96 Mon, 22 Nov 2026 16:12:48 +0000", "mail.example.com ESMTP Exim 4.96 <time>"],
  [
    "mail.example.com ESMTP Sendmail 8.17.1/8.17.1; Mon, 22 Nov 2026 16:12:48 GMT",
    "mail.example.com ESMTP Sendmail 8.17.1/8.17.1; <time>",
  ],
  ["a.example Sendmail; Sun, 1 Nov 2026 06:12:48 -0500 (EST)", "a.example Sendmail; <time>"],
  [
    "AM0PEPF00012345.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at Mon, 22 Nov 2026 16:12:48 +0000 [08DD0A12B3C4D5E6]",
    "AM0PEPF00012345.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at <time> [<id>]",
  ],
  ["mx.google.com ESMTP 5b1f17b1804b1-43b0f2c1d2csi12345678f8f.104 - gsmtp", "mx.google.com ESMTP <id> - gsmtp"],
  [
    "Gimap ready for requests from 203.0.113.5 ffacd0b85a97d389mb123456wrb",
    "Gimap ready for requests from 203.0.113.5 <id>",
  ],
  [
    "The Microsoft Exchange IMAP4 service is ready. [TABPADIAUAAxADIAMwBDAEEAMAAwADAAMwAuAEcAQgA=]",
    "The Microsoft Exchange IMAP4 service is ready. [<id>]",
  ],
  ["POP3 server ready <1896.697170952@mail.example.com>", "POP3 server ready <id>"],
  [
    "ftp FTP server (Version wu-2.6.0(1) Mon Feb 28 10:30:36 EST 2000) ready.",
    "ftp FTP server (Version wu-2.6.0(1) <time>) ready.",
  ],
  ["ready at 2026-11-22T16:12:48.123Z", "ready at <time>"],
  ["ready at 22.11.2026 4:12 PM", "ready at <time>"],
  ["session 1795363968123 of mail.example.com", "session <id> of mail.example.com"],
] as const;

for (const [greeting, banner] of GREETINGS) {
  void test(`is the same from probe to probe: ${greeting}`, () => {
    assert.equal(mailBanner(greeting), banner);
  });
}

for (const greeting of [
  "mail.example.com ESMTP Postfix (Debian/GNU)",
  "Dovecot (Debian) ready.",
  "(vsFTPd 3.0.3)",
  "ProFTPD Server (Debian) [::ffff:203.0.113.5]",
  "Welcome at 2001:db8:12:34::1 and [2001:db8::12:34]",
  "ip-10-0-12-34.eu-central-1.compute.internal Cyrus IMAP 3.6.1-4+deb12u3 server ready",
  "vmi1234567-mail01 Microsoft FTP Service",
  "MailEnable Service, Version: 10.45--- ready",
  "",
]) {
  void test(`is kept as it is: ${greeting}`, () => {
    assert.equal(mailBanner(greeting), greeting);
  });
}

void test("stays short, printable and quick whatever a server sends", () => {
  assert.equal(mailBanner(`\u001B[2J${"x ".repeat(5000)}`), `.[2J${"x ".repeat(48)}…`);
  const hostile = [
    "1:".repeat(4000),
    "<".repeat(8000),
    "Mon, 1 Jan ".repeat(800),
    "1-Jan-".repeat(1300),
    "aB3".repeat(2700),
  ];
  for (const greeting of hostile) assert.ok(mailBanner(greeting).length <= 101);
});
