import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { before, test } from "node:test";
import { createSecureContext, TLSSocket } from "node:tls";
import { LDAP_START_TLS_REQUEST, readLdapReply } from "../../../src/probers/tls/start-tls/ldap.ts";
import { mysqlSslRequest, readMysqlGreeting } from "../../../src/probers/tls/start-tls/mysql.ts";
import { POSTGRES_SSL_REQUEST } from "../../../src/probers/tls/start-tls/postgres.ts";
import type { StartTlsProtocol } from "../../../src/probers/tls/start-tls/protocol.ts";
import { type FaultServer, startServer } from "../../faults/servers/fault-server.ts";
import { startStreamServer } from "../../faults/servers/stream-server.ts";
import { createAuthority, type Identity } from "../../support/certificates.ts";
import { eventually } from "../../support/eventually.ts";
import { runProbe, valueOf } from "../../support/run-probe.ts";

let ca = "";
let identity: Identity;

before(async () => {
  const authority = await createAuthority();
  ca = authority.certificate;
  identity = await authority.issue();
});

test("says what a silent server was to do when the deadline passed", async () => {
  await using server = await startStreamServer(() => undefined);

  const report = await runProbe("tls", {
    target: `smtp://${server.host}:${server.port}`,
    module: { timeout: "200ms" },
  });

  assert.equal(report.outcome, "exchange/timeout");
  assert.match(report.detail, /waiting for the server to turn to TLS as one of smtp does$/);
});

/** One side of a dialogue: what the server says at once, then what it waits for and answers to that. */
interface Script {
  readonly greeting: string | Buffer;
  readonly turns: readonly (readonly [expected: RegExp, answer: string | Buffer])[];
}

const MYSQL_GREETING = mysqlPacket(0x0800);

const SOUND: Readonly<Record<StartTlsProtocol, Script>> = {
  smtp: {
    greeting: "220-mail.example\r\n220 ready\r\n",
    turns: [
      [/^EHLO \S+\r\n$/, "250-mail.example\r\n250-PIPELINING\r\n250 STARTTLS\r\n"],
      [/^STARTTLS\r\n$/, "220 go ahead\r\n"],
    ],
  },
  ftp: { greeting: "220-Welcome\r\n anything\r\n220 ready\r\n", turns: [[/^AUTH TLS\r\n$/, "234 go ahead\r\n"]] },
  pop3: { greeting: "+OK ready\r\n", turns: [[/^STLS\r\n$/, "+OK go ahead\r\n"]] },
  imap: {
    greeting: "* OK ready\r\n",
    turns: [[/^a STARTTLS\r\n$/, "* CAPABILITY IMAP4rev1\r\na OK go ahead\r\n"]],
  },
  postgres: { greeting: "", turns: [[exactly(POSTGRES_SSL_REQUEST), "S"]] },
  mysql: { greeting: MYSQL_GREETING, turns: [[beginning(mysqlSslRequest()), ""]] },
  ldap: { greeting: "", turns: [[exactly(LDAP_START_TLS_REQUEST), ldapReply(0)]] },
  xmpp: {
    greeting: "",
    turns: [
      [
        /^<\?xml version='1.0'\?><stream:stream to='127.0.0.1' .*$/,
        "<?xml version='1.0'?><stream:stream id='1'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
      ],
      [/^<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
    ],
  },
};

for (const [protocol, script] of Object.entries(SOUND)) {
  test(`starts TLS with ${protocol}`, async () => {
    await using server = await startScript(script);

    const report = await runProbe("tls", settingsFor(server, protocol));

    assert.equal(report.outcome, "success", report.detail);
    assert.ok(valueOf(report, "probe_ssl_earliest_cert_expiry"));
    assert.deepEqual(
      report.phases.map(({ phase }) => phase),
      ["resolve", "connect", "exchange", "tls"],
    );
    await eventually(() => assert.equal(server.connections(), 0));
  });

  test(`starts TLS with ${protocol} whose words come byte by byte`, async () => {
    await using server = await startScript(script, "byte by byte");

    const report = await runProbe("tls", settingsFor(server, protocol));

    assert.equal(report.outcome, "success", report.detail);
  });
}

const REFUSALS: readonly (readonly [StartTlsProtocol, Script])[] = [
  ["smtp", { greeting: "220 ready\r\n", turns: [[/EHLO/, "250 HELP\r\n"]] }],
  [
    "smtp",
    {
      greeting: "220 ready\r\n",
      turns: [
        [/EHLO/, "250 STARTTLS\r\n"],
        [/STARTTLS/, "454 not now\r\n"],
      ],
    },
  ],
  ["ftp", { greeting: "220 ready\r\n", turns: [[/AUTH/, "502 what?\r\n"]] }],
  ["pop3", { greeting: "+OK ready\r\n", turns: [[/STLS/, "-ERR what?\r\n"]] }],
  ["imap", { greeting: "* OK ready\r\n", turns: [[/STARTTLS/, "a BAD what?\r\n"]] }],
  ["postgres", { greeting: "", turns: [[/./s, "N"]] }],
  ["mysql", { greeting: mysqlPacket(0), turns: [] }],
  ["ldap", { greeting: "", turns: [[/./s, ldapReply(2)]] }],
  ["xmpp", { greeting: "", turns: [[/stream/, "<stream:stream><stream:features/>"]] }],
  [
    "xmpp",
    {
      greeting: "",
      turns: [
        [/stream/, "<stream:features>urn:ietf:params:xml:ns:xmpp-tls</stream:features>"],
        [/starttls/, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
      ],
    },
  ],
];

for (const [protocol, script] of REFUSALS) {
  test(`says that TLS is not offered where ${protocol} says ${JSON.stringify(script.turns.at(-1)?.[1] ?? "so")}`, async () => {
    await using server = await startScript(script);
    const report = await runProbe("tls", settingsFor(server, protocol));
    assert.equal(report.outcome, "tls/not-offered", report.detail);
  });
}

for (const protocol of Object.keys(SOUND)) {
  test(`takes garbage for no answer of ${protocol}`, async () => {
    await using server = await startStreamServer((socket) => {
      const garbage = Buffer.alloc(100_000, 0xee);
      socket.write(garbage);
    });
    const report = await runProbe("tls", settingsFor(server, protocol));
    assert.equal(report.outcome, "exchange/malformed", report.detail);
  });
}

test("refuses words between the agreement and the handshake, whatever the protocol", async () => {
  for (const [protocol, { greeting, turns }] of Object.entries(SOUND)) {
    const [last, ...others] = turns.toReversed();
    assert.ok(last);
    const injected = Buffer.concat([Buffer.from(last[1]), Buffer.from("injected")]);
    // MySQL's server says nothing after the client's wish: its greeting is the last that it says.
    const script =
      protocol === "mysql"
        ? { greeting: Buffer.concat([MYSQL_GREETING, Buffer.from("injected")]), turns: [] }
        : { greeting, turns: [...others.toReversed(), [last[0], injected] as const] };
    await using server = await startScript(script);
    const report = await runProbe("tls", settingsFor(server, protocol));
    assert.equal(report.outcome, "exchange/malformed", `${protocol}: ${report.outcome} ${report.detail}`);
  }
});

test("reads a refusal of MySQL in place of its greeting", () => {
  const refusal = Buffer.concat([Buffer.from([0xff, 0x69, 0x04]), Buffer.from("Host is blocked")]);
  assert.deepEqual(readMysqlGreeting(refusal), { kind: "error", message: "Host is blocked" });
});

test("reads every beginning of a greeting of MySQL without harm", () => {
  const payload = MYSQL_GREETING.subarray(4);
  for (let length = 0; length < payload.length; length += 1) {
    const { kind } = readMysqlGreeting(payload.subarray(0, length));
    assert.ok(kind === "garbage" || kind === "greeting");
  }
});

test("reads no reply of LDAP in anything else", () => {
  for (const hex of ["", "020101", "0201017800", "02010178030a0200", "0201016007", "ffffff"]) {
    assert.equal(readLdapReply(Buffer.from(hex, "hex")), undefined);
  }
});

function settingsFor(server: FaultServer, protocol: string) {
  return { target: `${server.host}:${server.port}`, settings: { starttls: protocol, tls_config: { ca } } };
}

function startScript(script: Script, pace: "at once" | "byte by byte" = "at once"): Promise<FaultServer> {
  return startServer(createServer((socket) => void perform(socket, script, pace)));
}

async function perform(socket: Socket, { greeting, turns }: Script, pace: "at once" | "byte by byte"): Promise<void> {
  socket.setNoDelay(true);
  await say(socket, greeting, pace);
  for (const [expected, answer] of turns) {
    const heard = await hear(socket);
    const [matched] = expected.exec(heard) ?? [];
    if (matched === undefined) {
      socket.destroy();
      return;
    }
    // A client that does not wait for an answer sends its handshake along.
    const rest = Buffer.from(heard.slice(matched.length), "latin1");
    if (expected.source.startsWith("^") && rest.length > 0) socket.unshift(rest);
    await say(socket, answer, pace);
  }
  const channel = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ key: identity.key, cert: identity.chain }),
  });
  channel.on("error", () => socket.destroy());
}

function hear(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once("readable", () => {
      const chunk: unknown = socket.read();
      resolve(chunk instanceof Uint8Array ? Buffer.from(chunk).toString("latin1") : "");
    });
  });
}

async function say(socket: Socket, text: string | Buffer, pace: "at once" | "byte by byte"): Promise<void> {
  const bytes = Buffer.from(text);
  const pieces = pace === "at once" ? [bytes] : Array.from(bytes, (byte) => Buffer.from([byte]));
  for (const piece of pieces) {
    await new Promise<void>((resolve) => {
      socket.write(piece, () => resolve());
    });
  }
}

function exactly(bytes: Buffer): RegExp {
  return new RegExp(`${beginning(bytes).source}$`, "s");
}

function beginning(bytes: Buffer): RegExp {
  return new RegExp(`^${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}`, "s");
}

function mysqlPacket(flags: number): Buffer {
  const payload = Buffer.concat([
    Buffer.from("\x0a8.4.0\0"),
    Buffer.alloc(4 + 8 + 1),
    Buffer.from([flags & 0xff, flags >> 8]),
    Buffer.alloc(20),
  ]);
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([head, payload]);
}

function ldapReply(code: number): Buffer {
  return Buffer.from(`300c02010178070a01${code.toString(16).padStart(2, "0")}04000400`, "hex");
}
