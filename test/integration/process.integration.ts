import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { integrationTest } from "./support/integration-test.ts";
import { MAIN, startStatusExporter } from "./support/status-exporter.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { until } from "./support/until.ts";

const GOOD = "modules: { http_2xx: { prober: http } }";

integrationTest("SIGHUP takes a new configuration into use and leaves a bad one aside", {
  programs: [],
  async body(stack) {
    const exporter = await startStatusExporter(stack, GOOD);
    const target = `http://127.0.0.1:${exporter.port}/-/healthy`;
    assert.match(await exporter.probe("another", target), /request\/unknown-prober/);

    await writeFile(exporter.configurationFile, `${GOOD.slice(0, -1)}, another: { prober: http } }`);
    exporter.signal("SIGHUP");
    await until("the new module probes", async () =>
      /^probe_success 1$/m.test(await exporter.probe("another", target)),
    );

    await writeFile(exporter.configurationFile, "modules: { another: { prober: telepathy } }");
    exporter.signal("SIGHUP");
    await until("the bad reload shows", async () =>
      /^status_exporter_config_last_reload_successful 0$/m.test(await textOf(`${exporter.origin}/metrics`)),
    );
    assert.match(await exporter.probe("another", target), /^probe_success 1$/m);
    const refused = await fetch(`${exporter.origin}/-/reload`, { method: "POST" });
    assert.equal(refused.status, 500);
    assert.match(await refused.text(), /modules\.another\.prober/);
  },
});

integrationTest("SIGTERM lets a probe in flight finish, refuses new connections and exits with 0", {
  programs: [],
  async body(stack) {
    const exporter = await startStatusExporter(stack, GOOD);
    const { asked, url } = await reluctantServer(stack);
    const probe = exporter.probe("http_2xx", url);
    const socket = await orEarly(asked, probe);

    exporter.signal("SIGTERM");
    await until("it no longer accepts", () =>
      fetch(`${exporter.origin}/-/healthy`).then(
        () => false,
        () => true,
      ),
    );
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    assert.match(await probe, /^probe_success 1$/m);
    assert.equal(await exporter.ended(), 0);
  },
});

integrationTest("SIGTERM does not wait longer than the deadline of a probe that gets no answer", {
  programs: [],
  async body(stack) {
    const exporter = await startStatusExporter(stack, "modules: { http_2xx: { prober: http, timeout: 3s } }");
    const { asked, url } = await reluctantServer(stack);
    const probe = exporter.probe("http_2xx", url);
    await orEarly(asked, probe);

    exporter.signal("SIGTERM");

    assert.match(await probe, /outcome="exchange\/timeout"/);
    assert.equal(await exporter.ended(), 0);
  },
});

integrationTest("SIGTERM with idle connections of scrapers exits at once with 0", {
  programs: [],
  async body(stack) {
    const exporter = await startStatusExporter(stack, GOOD);
    // fetch keeps its connection open for the next request.
    await textOf(`${exporter.origin}/metrics`);
    const begun = performance.now();

    await exporter.end();

    assert.equal(await exporter.ended(), 0);
    const tookSeconds = (performance.now() - begun) / 1000;
    assert.ok(tookSeconds < 3, `took ${tookSeconds} s`);
  },
});

integrationTest("--config.check names every mistake of a file at once and exits with 1", {
  programs: [],
  async body(stack) {
    const { status, output } = await check(
      stack,
      `
modules:
  first: { prober: telepathy }
  second: { prober: http, timeout: 5 }
  third: { prober: http, http: { fail_if_body_matches_regexp: ["("], valid_status_code: [200] } }
`,
    );
    assert.equal(status, 1);
    for (const path of [
      "first.prober",
      "second.timeout",
      "third.http.fail_if_body_matches_regexp",
      "valid_status_code",
    ]) {
      assert.ok(output.includes(path), `${path} is not named in:\n${output}`);
    }
  },
});

integrationTest("--config.check accepts a good file with exit code 0 and serves nothing", {
  programs: [],
  async body(stack) {
    assert.equal((await check(stack, GOOD)).status, 0);
  },
});

integrationTest("a bad file at the start exits with 1 and serves nothing", {
  programs: [],
  async body(stack) {
    const file = join(await temporaryDirectory(stack), "status.yml");
    await writeFile(file, "modules: { first: { prober: telepathy } }");
    const started = spawnSync(process.execPath, [MAIN, `--config.file=${file}`, "--web.listen-address=127.0.0.1:0"], {
      encoding: "utf8",
      timeout: 20_000,
    });
    assert.equal(started.status, 1);
    assert.match(started.stderr, /modules\.first\.prober/);
  },
});

async function check(stack: AsyncDisposableStack, configuration: string) {
  const file = join(await temporaryDirectory(stack), "status.yml");
  await writeFile(file, configuration);
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, `--config.file=${file}`, "--config.check"], {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { status, output: stdout + stderr };
}

/** A server that reads a request and keeps the asker waiting: `asked` yields the connection to answer on. */
async function reluctantServer(stack: AsyncDisposableStack) {
  const server: Server = createServer();
  const asked = new Promise<Socket>((resolve) => {
    server.once("connection", (socket) => {
      stack.defer(() => void socket.destroy());
      // The prober may end the connection in any way.
      socket.on("error", () => socket.destroy());
      socket.once("data", () => resolve(socket));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return { asked, url: `http://127.0.0.1:${address.port}/` };
}

/** The connection of the probe, unless the probe ends before it asks. */
function orEarly(asked: Promise<Socket>, probe: Promise<string>): Promise<Socket> {
  const early = probe.then((answer) => Promise.reject(new Error(`The probe ended before it asked:\n${answer}`)));
  return Promise.race([asked, early]);
}

async function textOf(url: string): Promise<string> {
  return await (await fetch(url)).text();
}
