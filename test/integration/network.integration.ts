import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Report } from "../../src/outcome/report.ts";
import { runProbe, valueOf } from "../support/run-probe.ts";
import { type Case, runCases } from "./support/case.ts";
import { freePort } from "./support/free-port.ts";
import { integrationTest } from "./support/integration-test.ts";
import { NGINX_STREAM, startNginxStream } from "./support/nginx.ts";
import { PYTHON, startPythonServer } from "./support/python-server.ts";
import { selfSignedCertificate } from "./support/self-signed-certificate.ts";
import { startServer } from "./support/server-process.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

integrationTest("probes nginx's streams over TCP, TLS, UDP and a socket of this machine", {
  programs: ["nginx", NGINX_STREAM, "openssl"],
  async body(stack, context) {
    const { certificate, key } = await selfSignedCertificate(stack);
    const path = join(await temporaryDirectory(stack), "greeting.sock");
    const nginx = await startNginxStream(
      stack,
      `
        server { listen 127.0.0.1:PORT; listen unix:${path}; return "220 nginx ready\\r\\n"; }
        server { listen 127.0.0.2:PORT ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key};
          ssl_protocols TLSv1.2; return "220 $ssl_protocol $ssl_server_name\\r\\n"; }
        server { listen 127.0.0.3:PORT ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; return ""; }
        server { listen 127.0.0.1:PORT udp; return "$protocol $bytes_received"; }
      `,
    );
    const plain = `127.0.0.1:${nginx.port}`;
    const secure = `127.0.0.2:${nginx.port}`;
    const tls = { tls: true, tls_config: { ca_file: certificate } } as const;
    const greeting = { expect: "^220 (?P<server>\\w+) ready", labels: [{ name: "server", value: "${server}" }] };
    const labels = { probe_expect_info: { server: "nginx" } };
    await runCases(context, {
      protocol: "tcp",
      cases: [
        { what: "a greeting", target: plain, settings: { query_response: [greeting] }, labels },
        {
          what: "another greeting than expected",
          target: plain,
          settings: { query_response: [{ expect: "^220 .*postfix" }] },
          outcome: "content/missing",
          samples: { probe_failed_due_to_regex: 1 },
        },
        {
          what: "a word that is forbidden",
          target: plain,
          settings: { query_response: [{ forbidden_content: "nginx" }] },
          outcome: "content/forbidden",
        },
        {
          what: "TLS with the server's name",
          target: secure,
          hostname: "localhost",
          settings: { ...tls, query_response: [{ expect: "^220 TLSv1.2 localhost" }] },
          labels: { probe_tls_version_info: { version: "TLS 1.2" } },
        },
        {
          what: "a certificate that nobody vouches for",
          target: secure,
          settings: { tls: true },
          outcome: "tls/unknown-authority",
        },
        {
          what: "a certificate for other names",
          target: `127.0.0.3:${nginx.port}`,
          settings: tls,
          outcome: "tls/name-mismatch",
        },
        {
          what: "a version that the server does not speak",
          target: secure,
          settings: { tls: true, tls_config: { ca_file: certificate, min_version: "TLS13" } },
          outcome: "tls/no-common-cipher",
        },
        { what: "TLS where a greeting comes", target: plain, settings: tls, outcome: "tls/not-offered" },
      ],
    });
    await runCases(context, {
      protocol: "unix",
      cases: [{ what: "a greeting", target: path, settings: { query_response: [greeting] }, labels }],
    });
    await runCases(context, {
      protocol: "udp",
      cases: [
        {
          what: "a reply that says what was sent",
          target: plain,
          settings: { send_hex: "00 01 02 ff ff", expect: "^UDP 5$" },
          samples: { probe_udp_replies: 1 },
        },
        {
          what: "a closed port",
          target: `127.0.0.2:${nginx.port}`,
          settings: { send: "status" },
          outcome: "connect/refused",
        },
      ],
    });
  },
});

integrationTest("probes redis over TCP and a socket of this machine", {
  programs: ["redis-server"],
  async body(stack, context) {
    const directory = await temporaryDirectory(stack);
    const port = await freePort();
    const path = join(directory, "redis.sock");
    const flags = `--port ${port} --bind 127.0.0.1 --unixsocket ${path} --dir ${directory} --requirepass hunter2`;
    await startServer(stack, { command: "redis-server", args: [...flags.split(" "), "--save", ""], port });
    const login = { send_bytes: "AUTH hunter2\r\n" };
    const cases = (target: string): readonly Case[] => [
      {
        what: "a login, and the server's version as a label",
        target,
        settings: {
          query_response: [
            login,
            { expect: "^[+]OK", send_hex: "2a310d0a 24340d0a 50494e47 0d0a" },
            { expect_bytes: "+PONG\r\n", send: "INFO server\r" },
            { expect: "^redis_version:([\\d.]+)", labels: [{ name: "version", value: "${1}" }] },
          ],
        },
      },
      {
        what: "no login",
        target,
        settings: { query_response: [{ send_bytes: "PING\r\n" }, { expect: "^[+-]", forbidden_content: "NOAUTH" }] },
        outcome: "content/forbidden",
      },
      {
        what: "words in any order",
        target,
        settings: {
          query_response: [
            login,
            { send_bytes: "INFO server\r\n" },
            { required_content: ["os:Linux", "redis_mode:standalone"] },
          ],
        },
      },
    ];
    await runCases(context, { protocol: "tcp", cases: cases(`127.0.0.1:${port}`) });
    await runCases(context, { protocol: "unix", cases: cases(path) });
  },
});

/** Of ours and of the program's, so many that the shortest round trip of both is one that nothing disturbed. */
const PACKETS = 50;

/** What the shortest round trips may differ by: a hundred times less than what Cloud Monitor counts in. */
const TOLERANCE_SECONDS = 0.0005;

integrationTest("measures the same round trip times as ping", {
  programs: ["ping"],
  async body(_stack, context) {
    if (process.getuid?.() !== 0) return context.skip("without root, this may be ping itself");
    for (const size of [56, 8000]) {
      await context.test(`with ${size} bytes`, async () => {
        const theirs = ping(size);
        const settings = { packets: PACKETS, interval: "10ms", payload_size: size, preferred_ip_protocol: "ip4" };

        const report = await runProbe("icmp", { target: "127.0.0.1", settings });

        assert.equal(report.outcome, "success", report.detail);
        assert.equal(valueOf(report, "probe_icmp_packets_received"), theirs.received);
        assert.equal(valueOf(report, "probe_icmp_reply_hop_limit"), theirs.hopLimit);
        const shortest = roundTrip(report, "min");
        const difference = Math.abs(shortest - theirs.shortestSeconds);
        assert.ok(difference < TOLERANCE_SECONDS, `ours ${shortest} s, theirs ${theirs.shortestSeconds} s`);
        assert.ok(shortest > 0 && shortest <= roundTrip(report, "avg"));
      });
    }
  },
});

/** What ping of iputils says: its last line has minimum, average, maximum and deviation in milliseconds. */
function ping(size: number): {
  readonly received: number;
  readonly hopLimit: number;
  readonly shortestSeconds: number;
} {
  const args = ["-c", String(PACKETS), "-i", "0.01", "-s", String(size), "127.0.0.1"];
  const { stdout } = spawnSync("ping", args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  const read = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? assert.fail(stdout));
  return {
    received: read(/, (\d+) received/),
    hopLimit: read(/ttl=(\d+)/),
    shortestSeconds: read(/^rtt [^=]*= ([\d.]+)\//m) / 1000,
  };
}

function roundTrip({ measurements }: Report, statistic: "min" | "avg"): number {
  const found = measurements.find(
    ({ name, labels }) => name === "probe_icmp_rtt_seconds" && labels["statistic"] === statistic,
  );
  return found?.value ?? Number.NaN;
}

integrationTest("probes a WebSocket server of the Python package websockets", {
  programs: [PYTHON, "/usr/lib/python3/dist-packages/websockets/__init__.py", "openssl"],
  async body(stack, context) {
    const certificate = await selfSignedCertificate(stack);
    const ports = await startPythonServer(stack, { file: "websocket-server.py", certificate });
    const plain = `ws://127.0.0.1:${ports.plain}`;
    const secure = `wss://localhost:${ports.tls}`;
    const trust = { http_config: { tls_config: { ca_file: certificate.certificate } } };
    const echo = [{ send: "Is anybody there?" }, { expect: "^Is anybody there\\?$" }];
    await runCases(context, {
      protocol: "websocket",
      cases: [
        {
          what: "an upgrade and a closing handshake",
          target: `${plain}/echo`,
          samples: { probe_websocket_status_code: 101, probe_websocket_connection_upgraded: 1 },
        },
        {
          what: "an echo over TLS",
          target: `${secure}/echo`,
          settings: { ...trust, query_response: echo },
          samples: { probe_websocket_ssl: 1 },
        },
        {
          what: "binary messages",
          target: `${plain}/echo`,
          settings: {
            message_type: "binary",
            query_response: [{ send_hex: "00 ff 80" }, { required_content_hex: "00 ff 80" }],
          },
        },
        {
          what: "a dialogue",
          target: `${plain}/greeting`,
          settings: {
            query_response: [
              {
                expect: "^version (?P<version>[\\d.]+) nonce (?P<nonce>\\w+)$",
                labels: [{ name: "version", value: "${version}" }],
                send: "answer ${nonce}",
              },
              { expect: "^welcome$" },
            ],
          },
          labels: { probe_expect_info: { version: "1.2.3" } },
        },
        { what: "a subprotocol", target: `${plain}/echo`, settings: { subprotocols: ["chat.v3", "chat.v2"] } },
        {
          what: "a login",
          target: `${plain}/private`,
          settings: { http_config: { authorization: { credentials: "42" } } },
        },
        {
          what: "no login",
          target: `${plain}/private`,
          outcome: "upgrade/rejected",
          samples: { probe_websocket_status_code: 401 },
        },
        {
          what: "a wrong login",
          target: `${plain}/private`,
          settings: { http_config: { authorization: { credentials: "43" } } },
          outcome: "login/rejected",
        },
        {
          what: "a path without WebSocket",
          target: `${plain}/missing`,
          outcome: "upgrade/rejected",
          samples: { probe_websocket_status_code: 404 },
        },
        {
          what: "a server that leaves",
          target: `${plain}/closing`,
          settings: { query_response: [{ expect: "hello" }] },
          outcome: "exchange/closed",
          detail: /1001.*down for maintenance/,
        },
        {
          what: "a message that is too large",
          target: `${plain}/large`,
          settings: { max_message_size: "64KB", query_response: [{ expect: "x" }] },
          outcome: "exchange/malformed",
        },
        { what: "a certificate that nobody vouches for", target: `${secure}/echo`, outcome: "tls/unknown-authority" },
      ],
    });
  },
});

integrationTest("probes a gRPC server of the Python package grpcio", {
  programs: [PYTHON, "/usr/lib/python3/dist-packages/grpc/__init__.py", "openssl"],
  async body(stack, context) {
    const certificate = await selfSignedCertificate(stack);
    const ports = await startPythonServer(stack, { file: "grpc-health-server.py", certificate });
    const target = `127.0.0.1:${ports.plain}`;
    const secure = `localhost:${ports.tls}`;
    const tls = { tls: true, tls_config: { ca_file: certificate.certificate } } as const;
    await runCases(context, {
      protocol: "grpc",
      cases: [
        { what: "the whole server", target, samples: { probe_grpc_status_code: 0, probe_grpc_ssl: 0 } },
        {
          what: "a service over TLS",
          target: secure,
          settings: { ...tls, service: "shop.Cart" },
          samples: { probe_grpc_ssl: 1 },
        },
        {
          what: "a service that does not serve",
          target,
          settings: { service: "shop.Search" },
          outcome: "content/status-not-allowed",
          detail: /NOT_SERVING/,
        },
        {
          what: "a service that is unknown",
          target,
          settings: { service: "shop.Nothing" },
          outcome: "exchange/error-status",
          samples: { probe_grpc_status_code: 5 },
          detail: /NOT_FOUND.*no such service/,
        },
        {
          what: "a login",
          target,
          settings: { service: "shop.Secret", metadata: { authorization: "Bearer 42" } },
        },
        {
          what: "no login",
          target,
          settings: { service: "shop.Secret" },
          outcome: "login/rejected",
          samples: { probe_grpc_status_code: 16 },
        },
        {
          what: "an answer that does not come in time",
          target,
          settings: { service: "shop.Slow" },
          module: { timeout: "500ms" },
          outcome: "exchange/timeout",
        },
        {
          what: "a certificate that nobody vouches for",
          target: secure,
          settings: { tls: true },
          outcome: "tls/unknown-authority",
        },
        { what: "TLS where the server speaks none", target, settings: tls, outcome: "tls/not-offered" },
        { what: "no TLS where the server wants it", target: secure, outcome: "exchange/closed" },
      ],
    });
  },
});
