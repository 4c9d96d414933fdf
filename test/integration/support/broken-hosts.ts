import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:net";
import { type Authority, createAuthority, expired } from "../../support/certificates.ts";
import { startDnsServer } from "../../support/dns-server.ts";
import { freePort } from "./free-port.ts";

/** Sites, each on a loopback address of its own and with something wrong, until all of them are mended. */
export interface BrokenHosts {
  /** Of the sites in the clear: 127.0.0.2, .5, .6, .7 and .9. */
  readonly port: number;
  /** Of the sites over TLS: 127.0.0.4 and .9. */
  readonly securePort: number;
  /** On which nothing listens at 127.0.0.3 until it is mended. */
  readonly closedPort: number;
  /** Knows no name until it is mended; then `shop.test` is 127.0.0.9. */
  readonly nameServer: string;
  /** Of the certificates' authority. */
  readonly authority: string;
  mend(): Promise<void>;
}

/** The site at 127.0.0.6 is slow, every site lacks its words, and every certificate has expired. */
export async function startBrokenHosts(stack: AsyncDisposableStack): Promise<BrokenHosts> {
  const state = { broken: true };
  const names: Record<string, readonly string[]> = {};
  const { address } = stack.use(await startDnsServer(names));
  const authority = await createAuthority();
  const old = await identity(authority, "expired");
  const page: RequestListener = (request, response) => {
    const delay = state.broken && request.socket.localAddress === SLOW ? DELAY_MILLISECONDS : 0;
    setTimeout(() => response.end(state.broken ? "out of order" : "welcome"), delay);
  };
  const [port, securePort, closedPort] = [await freePort(), await freePort(), await freePort()];
  for (const host of PLAIN) await listen(stack, createHttpServer(page), { host, port });
  const secure = SECURE.map((host) => ({ host, server: createHttpsServer(old, page) }));
  for (const { host, server } of secure) await listen(stack, server, { host, port: securePort });
  return {
    port,
    securePort,
    closedPort,
    nameServer: address,
    authority: authority.certificate,
    async mend() {
      state.broken = false;
      names["shop.test A"] = ["127.0.0.9"];
      const renewed = await identity(authority, "valid");
      for (const { server } of secure) server.setSecureContext(renewed);
      await listen(stack, createHttpServer(page), { host: "127.0.0.3", port: closedPort });
    },
  };
}

const SLOW = "127.0.0.6";

const PLAIN = ["127.0.0.2", "127.0.0.5", SLOW, "127.0.0.7", "127.0.0.9"] as const;

const SECURE = ["127.0.0.4", "127.0.0.9"] as const;

/** More than the module allows, and less than a scrape. */
const DELAY_MILLISECONDS = 300;

async function identity(
  authority: Authority,
  validity: "expired" | "valid",
): Promise<{ readonly key: string; readonly cert: string }> {
  const { key, chain } = await authority.issue({
    names: ["shop.test"],
    addresses: ["127.0.0.4"],
    ...(validity === "expired" ? expired() : {}),
  });
  return { key, cert: chain };
}

async function listen(
  stack: AsyncDisposableStack,
  server: Server & { closeAllConnections(): void },
  place: { readonly host: string; readonly port: number },
): Promise<void> {
  server.listen(place);
  await once(server, "listening");
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
}
