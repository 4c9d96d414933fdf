import { once } from "node:events";
import { createServer } from "node:http";
import { freePort } from "./free-port.ts";

/** One alert within a notification that Alertmanager sent. */
export interface Delivery {
  /** The last part of the path to which it was sent. */
  readonly receiver: string;
  /** Counts what was sent: alerts that came together have the same number. */
  readonly notification: number;
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface WebhookReceiver {
  readonly origin: string;
  /** In the order of their arrival. */
  readonly deliveries: readonly Delivery[];
}

/** Takes what Alertmanager's `webhook_configs` send, and tells of each alert as it comes. */
export async function startWebhookReceiver(
  stack: AsyncDisposableStack,
  onDelivery: (delivery: Delivery) => void = () => undefined,
): Promise<WebhookReceiver> {
  const deliveries: Delivery[] = [];
  let notifications = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      notifications += 1;
      const { alerts }: Notification = JSON.parse(body);
      const receiver = (request.url ?? "").slice(1);
      const delivered = alerts.map((alert) => Object.assign({}, alert, { receiver, notification: notifications }));
      deliveries.push(...delivered);
      delivered.forEach(onDelivery);
      response.end();
    });
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${port}`, deliveries };
}

/** The part of Alertmanager's payload that is read here. */
interface Notification {
  readonly alerts: readonly Omit<Delivery, "receiver" | "notification">[];
}
