import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server } from "node:net";
import { type Authority, createAuthority, expired } from "../../support/certificates.ts";
import { startDnsServer } from "../../support/dns-server.ts";
import { freePort } from "./free-port.ts";

/** Sites, each on an address of its own and with something wrong, until all of them are mended. */
export interface BrokenHosts {
  /** The port of every site in the clear. */
  readonly port: number;
  /** The port of every site over TLS. */
  readonly securePort: number;
  /** On which nothing listens until it is mended. */
  readonly closedPort: number;
  /** Knows no name until it is mended; then `shop.test` is 127.0.0.9. */
  readonly nameServer: string;
  /** Of the certificates' authority. */
  readonly authority: string;
  mend(): Promise<void>;
}

/** A site is slow, or lacks its words, by its address; at 127.0.0.4 the certificate has expired. */
export async function startBrokenHosts(stack: AsyncDisposableStack): Promise<BrokenHosts> {
  const state = { broken: true };
  const names: Record<string, readonly string[]> = {};
  const { address } = stack.use(await startDnsServer(names));
  const authority = await createAuthority();
  const page: RequestListener = (request, response) => {
    const delay = state.broken && request.headers.host?.startsWith(SLOW) === true ? DELAY_MILLISECONDS : 0;
    setTimeout(() => response.end(state.broken ? "out of order" : "welcome"), delay);
  };
  const secure = createHttpsServer(await identity(authority, "expired"), page);
  const closedPort = await freePort();
  return {
    port: await listen(stack, createHttpServer(page)),
    securePort: await listen(stack, secure),
    closedPort,
    nameServer: address,
    authority: authority.certificate,
    async mend() {
      state.broken = false;
      names["shop.test A"] = ["127.0.0.9"];
      secure.setSecureContext(await identity(authority, "valid"));
      await listen(stack, createHttpServer(page), closedPort);
    },
  };
}

const SLOW = "127.0.0.6:";

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

/** Listens at every address; on a free port if none is given. */
async function listen(
  stack: AsyncDisposableStack,
  server: Server & { closeAllConnections(): void },
  port = 0,
): Promise<number> {
  server.listen(port);
  await once(server, "listening");
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return address.port;
}
