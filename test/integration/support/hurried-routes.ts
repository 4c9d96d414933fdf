import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dump, load } from "js-yaml";

const CONFIGURATION = new URL("../../../config/alertmanager/alertmanager.yml", import.meta.url);

/**
 * Alertmanager's routes and inhibitions as they are committed, but waiting only so many seconds for more alerts to
 * tell of, and with a webhook in place of each receiver: its name is the path.
 */
export async function hurriedRoutes({
  webhooks,
  seconds,
}: {
  /** The origin at which all are taken. */
  readonly webhooks: string;
  readonly seconds: number;
}): Promise<string> {
  const text = await readFile(CONFIGURATION, "utf8");
  const committed = load(text.replaceAll(/group_(wait|interval): \w+/g, `group_$1: ${seconds}s`));
  assert.ok(typeof committed === "object" && committed !== null && "route" in committed);
  const receivers = [...text.matchAll(/^ {2}- name: (.+)$/gm)].map(([, name = ""]) => {
    return { name, webhook_configs: [{ url: `${webhooks}/${name}`, send_resolved: true }] };
  });
  assert.ok(receivers.length > 0);
  return dump({ ...committed, global: {}, templates: [], receivers });
}
