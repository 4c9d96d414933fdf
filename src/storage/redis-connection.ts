import { isIP } from "node:net";
import { getCACertificates } from "node:tls";
import { startAlarm } from "../network/deadline.ts";
import { nameOfRedis, type RedisAddress } from "./redis-address.ts";
import type { StoreObserver } from "./store-fault.ts";

export interface RedisConnectionOptions {
  readonly address: RedisAddress;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly observer: StoreObserver;
  /** What shows that the server does what is needed. */
  readonly check: readonly RedisCheck[];
  /** Called when the server can be used again. */
  readonly onUsable: () => void;
}

/** A command, and whether the server's answer shows that it was understood. */
export interface RedisCheck {
  readonly command: readonly string[];
  readonly isRight: (reply: unknown) => boolean;
}

/** What the server said: text, null, a number, or a list of these. */
export interface RedisReply {
  readonly reply: unknown;
}

type Library = typeof import("@redis/client");
type ClientOptions = NonNullable<Parameters<Library["createClient"]>[0]>;

/** What is needed of the library's client. */
interface Client {
  readonly isReady: boolean;
  connect(): Promise<unknown>;
  sendCommand(command: readonly string[]): Promise<unknown>;
  destroy(): void;
}

/** A server in the same network answers within a millisecond; a probe or a scrape is not to wait longer than this. */
const ANSWER_SECONDS = 1;

/** While all is well the server is asked so often, so that one that hangs is noticed although nobody needs it. */
const CHECK_SECONDS = 5;

const FIRST_RETRY_SECONDS = 0.5;
const LAST_RETRY_SECONDS = 10;

/** A tenth either way, so that many exporters do not all come back at once. */
const JITTER = 0.1;

/** What a server may say of an error in the log. */
const LONGEST_DETAIL = 200;

/**
 * The one owner of the connection to a Redis server: made when first used and then for ever again, a thousandth of a
 * second or ten seconds after it was lost. Nothing is queued for a server that is not there.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  #client: Client | undefined = undefined;
  #firstCheck: Promise<void> | undefined = undefined;
  #isWorking = true;
  #isClosed = false;
  /** When the server last did what it was asked, before it began to fail. */
  #heardAt: number;
  #deafMilliseconds = 0;
  #wake: () => void = () => undefined;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#heardAt = options.now();
  }

  /** What the server answers; undefined where it does not, or refuses. Takes a second at most, and never rejects. */
  async ask(command: readonly string[]): Promise<RedisReply | undefined> {
    if (this.#isClosed) return undefined;
    this.#firstCheck ??= this.#watch();
    await this.#firstCheck;
    const client = this.#client;
    if (client?.isReady !== true) return undefined;
    try {
      const reply = await withinTime(client.sendCommand(command));
      if (this.#isWorking) this.#heardAt = this.#options.now();
      return { reply };
    } catch (error) {
      this.#fail(error, client);
      return undefined;
    }
  }

  /** For how long in all the server could not be used, from its last good answer on. */
  deafMilliseconds(): number {
    return this.#deafMilliseconds + (this.#isWorking ? 0 : this.#options.now() - this.#heardAt);
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
    this.#wake();
  }

  /** Checks the server as long as the connection lasts; resolves after the first time. */
  async #watch(): Promise<void> {
    const isUsable = await this.#check();
    void this.#goOnWatching(isUsable ? 0 : 1);
  }

  async #goOnWatching(failuresBefore: number): Promise<void> {
    let failures = failuresBefore;
    while (!this.#isClosed) {
      const backoff = Math.min(FIRST_RETRY_SECONDS * 2 ** (failures - 1), LAST_RETRY_SECONDS);
      await this.#pause(failures === 0 ? CHECK_SECONDS : backoff * (1 - JITTER + 2 * JITTER * Math.random()));
      failures = (await this.#check()) ? 0 : failures + 1;
    }
  }

  async #pause(seconds: number): Promise<void> {
    const woken = Promise.withResolvers<void>();
    this.#wake = woken.resolve;
    using _ = startAlarm({ seconds, onTime: woken.resolve, purpose: "idle" });
    if (!this.#isClosed) await woken.promise;
  }

  async #check(): Promise<boolean> {
    if (this.#isClosed) return false;
    try {
      // It is loaded with the first connection, for it takes memory that an exporter with a file does not need.
      const { createClient } = await import("@redis/client");
      await withinTime(this.#converse(createClient));
    } catch (error) {
      this.#fail(error, this.#client);
      return false;
    }
    this.#recover();
    return true;
  }

  async #converse(createClient: Library["createClient"]): Promise<void> {
    if (this.#isClosed) throw new Lost("closed");
    // After a failover the name may lead to another server.
    if (!this.#isWorking) this.#drop();
    const client = this.#client ?? (await this.#connect(createClient));
    const { check } = this.#options;
    const replies = await Promise.all(check.map(({ command }) => client.sendCommand(command)));
    if (!check.every(({ isRight }, index) => isRight(replies[index])))
      throw new Lost("an answer that Redis does not give");
  }

  async #connect(createClient: Library["createClient"]): Promise<Client> {
    const client = createClient(clientOptions(this.#options.address));
    client.on("error", (error: unknown) => this.#fail(new Lost(messageOf(error)), client));
    this.#client = client;
    await client.connect();
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.destroy();
  }

  #fail(error: unknown, client: Client | undefined): void {
    if (this.#isClosed || client !== this.#client) return;
    // A server that refuses a command has answered: the connection is as good as before.
    if (client?.isReady !== true || error instanceof Lost) this.#drop();
    if (!this.#isWorking) return;
    this.#isWorking = false;
    this.#options.observer.onFault("unavailable", this.#explain(error));
    this.#wake();
  }

  #recover(): void {
    const now = this.#options.now();
    const wasWorking = this.#isWorking;
    this.#deafMilliseconds = this.deafMilliseconds();
    this.#isWorking = true;
    this.#heardAt = now;
    if (wasWorking) return;
    this.#options.observer.onRecovery();
    this.#options.onUsable();
  }

  #explain(error: unknown): string {
    const { address } = this.#options;
    // A server that does not know a command repeats what it was given, and that may be the password.
    const said = messageOf(error).replaceAll(address.password ?? /(?!)/gu, "<secret>");
    return `${nameOfRedis(address)}: ${said.slice(0, LONGEST_DETAIL)}`;
  }
}

/** The connection is of no more use; an answer that comes late would be taken for that to something else. */
class Lost extends Error {}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const onTime = (): void => silence.reject(new Lost(`no answer within ${ANSWER_SECONDS} s`));
  using _ = startAlarm({ seconds: ANSWER_SECONDS, onTime, purpose: "work" });
  return await Promise.race([work, silence.promise]);
}

function clientOptions(address: RedisAddress): ClientOptions {
  return {
    // The older protocol is understood by every version of Redis and Valkey, and by what stands before them.
    RESP: 2,
    socket: { ...endpointOf(address), connectTimeout: ANSWER_SECONDS * 1000, reconnectStrategy: false },
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    database: address.database,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
  };
}

type Endpoint =
  | { readonly host: string; readonly port: number }
  | {
      readonly host: string;
      readonly port: number;
      readonly tls: true;
      readonly servername: string;
      readonly ca: string[];
    };

/** With TLS the server must prove its name to an authority that Node or the system trusts. */
function endpointOf({ host, port, transport }: RedisAddress): Endpoint {
  if (transport === "plain") return { host, port };
  const authorities = (["bundled", "extra", "system"] as const).flatMap((store) => getCACertificates(store));
  return { host, port, tls: true, servername: isIP(host) === 0 ? host : "", ca: [...new Set(authorities)] };
}

function messageOf(error: unknown): string {
  // Several addresses were tried, each with its own error, and the whole has no words of its own.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
