import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Configuration } from "../../src/config/configuration.ts";
import { knownKeys } from "../../src/config/known-keys.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import type { Protocol } from "../../src/outcome/protocol.ts";
import { PROBERS } from "../../src/probers/all.ts";

const CONFIG = new URL("../../config/", import.meta.url);
const EXAMPLES = (await readdir(new URL("examples/", CONFIG))).filter((name) => name.endsWith(".yml"));

for (const file of ["status.yml", ...EXAMPLES.map((name) => `examples/${name}`)]) {
  void test(`config/${file} loads without a warning and conceals its secrets when shown`, async () => {
    const loaded = load(await text(file));

    assert.deepEqual(loaded.warnings, []);
    assert.doesNotMatch(loaded.text(), /not-a-real/u);
    assert.ok(loaded.modules.size > 0);
  });
}

void test("the default module is there", async () => {
  assert.ok(load(await text("status.yml")).modules.has("http_2xx"));
});

/** Blocks within a protocol's own whose keys its example has to name as well. */
const INNER_BLOCKS: Readonly<Partial<Record<Protocol, readonly (readonly PropertyKey[])[]>>> = {
  http: [["basic_auth"], ["authorization"], ["oauth2"], ["tls_config"], ["fail_if_header_matches", 0]],
  tls: [["pins"], ["http_request"], ["tls_config"]],
  tcp: [
    ["query_response", 0],
    ["query_response", 0, "labels", 0],
  ],
  dns: [["edns"], ["tls_config"], ["validate_answer_rrs"]],
  websocket: [["query_response", 0]],
};

/** Known so that the configuration can say why they have no place there. */
const REFUSED_KEYS: Readonly<Partial<Record<Protocol, readonly string[]>>> = { websocket: ["starttls"] };

/** Its block holds nothing: what there is to say of a server stands under the server's name, outside of the module. */
const KEYLESS: Protocol = "server";

for (const { protocol, settings } of PROBERS) {
  void test(`config/examples/${protocol}.yml names every key of the ${protocol} block`, async () => {
    const example = await text(`examples/${protocol}.yml`);
    const keys = [[], ...(INNER_BLOCKS[protocol] ?? [])].map((path) => knownKeys(settings, path));

    // References to a secret manager are read for the sake of other programs' files, and have no effect here.
    const named = keys.flat().filter((key) => !key.endsWith("_ref") && !REFUSED_KEYS[protocol]?.includes(key));

    assert.ok(protocol === KEYLESS || keys.every((block) => block.length > 0));
    assert.deepEqual(
      named.filter((key) => !new RegExp(`\\b${key}\\b`, "u").test(example)),
      [],
    );
  });
}

function load(yaml: string): Configuration {
  const loaded = loadConfiguration(yaml, PROBERS);
  if ("problems" in loaded) assert.fail(loaded.problems.join("\n"));
  return loaded;
}

function text(file: string): Promise<string> {
  return readFile(new URL(file, CONFIG), "utf8");
}
