import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import { startAlertmanager } from "./support/alertmanager.ts";
import { freePort } from "./support/free-port.ts";
import { integrationTest } from "./support/integration-test.ts";
import { startMailReceiver } from "./support/mail-receiver.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { until } from "./support/until.ts";

const FOLDER = fileURLToPath(new URL("../../config/alertmanager", import.meta.url));

const CODE = documentedCodes().find(
  ({ catalogue, list, code }) => catalogue === "hitflow" && list === "service" && code === 412,
);

const LABELS = {
  alertname: "HitflowServiceCode412",
  severity: "critical",
  area: "content",
  host: "shop.example.com",
  service: "shop",
} as const;

const ANNOTATIONS = {
  summary: "https://shop.example.com/: words & <signs> are missing (Hitflow service 412)",
  description: CODE?.meaning ?? "",
  cause: "content/missing: The answer lacks something.",
  action: "Look at the answer itself.",
  runbook_url: "http://localhost:9115/codes#hitflow-service-412",
} as const;

integrationTest("mail, chat and pager each get the code's meaning, and later that it is over", {
  programs: ["prometheus-alertmanager"],
  async body(stack) {
    const mail = await startMailReceiver(stack);
    const web = await startListener(stack);
    const { origin } = await startAlertmanager(
      stack,
      await configuration(stack, { mail: mail.address, web: web.origin }),
    );

    await post(origin, {});
    await until("all three have it", async () => mail.mails.length === 1 && web.posts.size === 2);

    const [{ recipient, subject, text } = { recipient: "", subject: "", text: "" }] = mail.mails;
    assert.equal(recipient, "sites@example.com");
    assert.equal(subject, `[FIRING 1] ${ANNOTATIONS.summary}`);
    assert.ok(text.includes(`What it means: ${ANNOTATIONS.description}`), text);
    assert.ok(text.includes(`<p>${ANNOTATIONS.description}</p>`), text);
    assert.ok(text.includes(`<a href="${ANNOTATIONS.runbook_url}">`), text);
    assert.ok(text.includes("words &amp; &lt;signs&gt; are missing"), text);

    const chat: Chat = JSON.parse(web.posts.get("/chat")?.[0] ?? "");
    assert.equal(chat.channel, "#sites");
    assert.equal(chat.attachments[0]?.title, `[FIRING 1] ${ANNOTATIONS.summary}`);
    assert.equal(chat.attachments[0]?.color, "danger");
    assert.ok(chat.attachments[0]?.text.includes(`What it means: ${ANNOTATIONS.description}`));

    const pager: Pager = JSON.parse(web.posts.get("/sites")?.[0] ?? "");
    assert.deepEqual(pager.alerts[0]?.labels, LABELS);
    assert.deepEqual(pager.alerts[0]?.annotations, ANNOTATIONS);

    await post(origin, { endsAt: new Date().toISOString() });
    await until("all three know that it is over", async () => {
      return mail.mails.length === 2 && [...web.posts.values()].every(({ length }) => length === 2);
    });

    assert.equal(mail.mails[1]?.subject, `[RESOLVED] ${ANNOTATIONS.summary}`);
    assert.match(mail.mails[1]?.text ?? "", /^Over: /m);
    const over: Chat = JSON.parse(web.posts.get("/chat")?.[1] ?? "");
    assert.equal(over.attachments[0]?.color, "good");
  },
});

/** What a chat's incoming webhook is given. */
interface Chat {
  readonly channel: string;
  readonly attachments: readonly { readonly title: string; readonly text: string; readonly color: string }[];
}

/** What Alertmanager's own webhook is given. */
interface Pager {
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

interface Listener {
  readonly origin: string;
  /** The bodies by path, in the order of their arrival. */
  readonly posts: ReadonlyMap<string, readonly string[]>;
}

async function startListener(stack: AsyncDisposableStack): Promise<Listener> {
  const posts = new Map<string, readonly string[]>();
  const port = await freePort();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      posts.set(path, [...(posts.get(path) ?? []), body]);
      response.end("ok");
    });
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${port}`, posts };
}

/** The configuration as it is committed, with our addresses, its files found from elsewhere, and in a hurry. */
async function configuration(
  stack: AsyncDisposableStack,
  { mail, web }: { readonly mail: string; readonly web: string },
): Promise<string> {
  const secret = join(await temporaryDirectory(stack), "chat-url");
  await writeFile(secret, `${web}/chat`);
  const committed = await readFile(join(FOLDER, "alertmanager.yml"), "utf8");
  return [
    ["mail.example.com:587", `${mail}\n  smtp_require_tls: false`],
    ["secrets/chat-url", secret],
    ["templates/*.tmpl", `${FOLDER}/templates/*.tmpl`],
    ["http://pager.example.com", web],
    ["group_wait: 90s", "group_wait: 1s"],
    ["group_interval: 5m", "group_interval: 1s"],
  ].reduce((text, [given = "", ours = ""]) => {
    assert.ok(text.includes(given), given);
    return text.replaceAll(given, () => ours);
  }, committed);
}

async function post(origin: string, times: { readonly endsAt?: string }): Promise<void> {
  const answer = await fetch(`${origin}/api/v2/alerts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify([{ labels: LABELS, annotations: ANNOTATIONS, ...times }]),
  });
  assert.equal(answer.status, 200, await answer.text());
}
