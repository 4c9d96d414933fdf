import assert from "node:assert/strict";
import { test } from "node:test";
import { readListenAddress, readSystemdSockets } from "../../src/command-line/listen-address.ts";

test("reads a port, a host with a port, and an IPv6 literal in brackets", () => {
  assert.deepEqual(readListenAddress(":9115"), { port: 9115 });
  assert.deepEqual(readListenAddress("127.0.0.1:0"), { host: "127.0.0.1", port: 0 });
  assert.deepEqual(readListenAddress("[::1]:80"), { host: "::1", port: 80 });
});

test("refuses what is no address, showing what was expected", () => {
  for (const text of ["9115", "", ":", ":65536", "::1:80", "host:http", "[::1]"]) {
    assert.throws(() => readListenAddress(text), /expected \[host\]:port/, text);
  }
});

test("takes the sockets that systemd passes to this very process", () => {
  assert.deepEqual(readSystemdSockets({ LISTEN_FDS: "2", LISTEN_PID: "7" }, 7), [{ fd: 3 }, { fd: 4 }]);
  assert.throws(
    () => readSystemdSockets({ LISTEN_FDS: "1", LISTEN_PID: "8" }, 7),
    /expected sockets passed by systemd/,
  );
  assert.throws(() => readSystemdSockets({}, 7), /found none/);
});
