import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { PROBERS } from "../../../src/probers/all.ts";

void test("what has no effect on a WebSocket is accepted with a warning", () => {
  const client = { proxy_url: "http://proxy.example:3128", no_proxy: "a", follow_redirects: true, enable_http2: false };
  const modules = { chat: { prober: "websocket", websocket: { http_config: client } } };

  const loaded = loadConfiguration(JSON.stringify({ modules }), PROBERS);

  assert.ok("modules" in loaded, "problems" in loaded ? loaded.problems.join("\n") : "");
  assert.deepEqual(loaded.warnings, [
    "modules.chat.websocket.http_config.proxy_url: has no effect on a WebSocket",
    "modules.chat.websocket.http_config.no_proxy: has no effect on a WebSocket",
  ]);
});

void test("an entry that sends text which is no text is refused", () => {
  const yaml = 'modules: { chat: { prober: websocket, websocket: { query_response: [ { send: !!binary "/w==" } ] } } }';

  const loaded = loadConfiguration(yaml, PROBERS);

  assert.ok("problems" in loaded);
  assert.match(loaded.problems.join("\n"), /query_response\[0\]: a text message is UTF-8/);
});
