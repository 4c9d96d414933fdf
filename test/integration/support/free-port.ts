import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of loopback on which nothing listens: for programs that cannot say which one the system gave them. It is none
 * that Linux gives to whoever asks for any (from 32768 on), so that nobody takes it by chance before the program does.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  throw new Error("Cannot find a free port");
}

const MOST_ATTEMPTS = 20;

/** Between the ports of well-known programs and those that the system gives away. */
const FIRST = 20_000;
const LAST = 32_000;

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    // Somebody has it.
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
