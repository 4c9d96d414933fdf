import type { Certificate } from "../network/certificate-read.ts";
import { classify } from "../network/classify.ts";
import { startDeadline } from "../network/deadline.ts";
import { type RevocationList, readRevocationList } from "../network/revocation-list.ts";
import { DEFAULT_TLS_SETTINGS } from "../network/tls-settings.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import type { AddressFamily } from "../settings/address-family.ts";
import type { Line } from "./dial.ts";
import { httpGet } from "./http-get.ts";
import type { ProbeContext } from "./prober.ts";
import type { ServiceEnvironment } from "./services.ts";

/** A list of revoked certificates to be had. */
export interface ListRequest {
  readonly url: string;
  /** Who has to have signed it. */
  readonly issuer: Certificate;
  readonly module: ProbeContext["module"];
}

/** What there is of a list: itself, or why it cannot be had; neither while it is first fetched. */
export interface ListState {
  readonly list: RevocationList | undefined;
  readonly failure: string | undefined;
}

/** The largest lists of public authorities have about ten megabytes. */
const LARGEST_LIST_BYTES = 20 * 1024 * 1024;

/** What one thread keeps: three of the largest, or thousands of ordinary ones. Those not used longest go first. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024;
const MOST_KEPT = 2000;

/** Authorities publish a new list long before the old one ends: a revocation of today should be known tomorrow. */
const REFRESH_SECONDS = 24 * 3600;

const RETRY_SECONDS = 300;

/** Longer than any probe waits: what comes too late for one serves the next. */
const FETCH_SECONDS = 60;

interface Entry extends ListState {
  /** Unix milliseconds from which on it is fetched again. */
  readonly dueAt: number;
  readonly running: Promise<void> | undefined;
}

const NOTHING: Entry = { list: undefined, failure: undefined, dueAt: 0, running: undefined };

/** Lists of revoked certificates, kept in memory until their next update; each is fetched once for all who ask. */
export class RevocationLists {
  readonly #environment: ServiceEnvironment;
  readonly #entries = new Map<string, Entry>();

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
  }

  /** Unix seconds. */
  now(): number {
    return this.#environment.clock.now() / 1000;
  }

  /** What there is now; fetches what is due. `settled` resolves when nothing is fetched any more; it never rejects. */
  ask(request: ListRequest): { readonly state: () => ListState; readonly settled: Promise<void> } {
    const { url, issuer, module } = request;
    const key = [url, issuer.facts.publicKeySha256, module.internalAddresses, ...module.resolver].join(" ");
    const entry = this.#entries.get(key) ?? NOTHING;
    const isDue = entry.running === undefined && this.#environment.clock.now() >= entry.dueAt;
    const running = isDue ? this.#fetch(key, request) : entry.running;
    this.#keep(key, { ...entry, running });
    return { state: () => this.#entries.get(key) ?? NOTHING, settled: running ?? Promise.resolve() };
  }

  async #fetch(key: string, request: ListRequest): Promise<void> {
    const before = this.#entries.get(key)?.list;
    const { now } = this.#environment.clock;
    try {
      const list = await fetchList(request, this.#environment);
      const dueAt = Math.min(
        now() + REFRESH_SECONDS * 1000,
        Math.max(list.nextUpdate * 1000, now() + RETRY_SECONDS * 1000),
      );
      this.#keep(key, { list, failure: undefined, dueAt, running: undefined });
    } catch (error) {
      // The last one stands until its own end.
      const failure = classify("exchange", error).detail;
      this.#keep(key, { list: before, failure, dueAt: now() + RETRY_SECONDS * 1000, running: undefined });
    }
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    let bytes = [...this.#entries.values()].reduce((sum, { list }) => sum + (list?.entries.length ?? 0), 0);
    for (const [oldest, { list, running }] of this.#entries) {
      if (bytes <= MOST_KEPT_BYTES && this.#entries.size <= MOST_KEPT) return;
      if (oldest === key || running !== undefined) continue;
      this.#entries.delete(oldest);
      bytes -= list?.entries.length ?? 0;
    }
  }
}

/** Whoever serves it: the list proves itself by its signature. */
const ANY_SERVER = { ...DEFAULT_TLS_SETTINGS, insecureSkipVerify: true };

/** What a module says of addresses is meant for its targets: a list comes by whichever family this host has. */
async function fetchList(request: ListRequest, environment: ServiceEnvironment): Promise<RevocationList> {
  using deadline = startDeadline({ seconds: FETCH_SECONDS, signal: environment.signal });
  const way = { environment, signal: deadline.signal };
  try {
    return await fetchBy({ preferred: 4, fallback: true, sourceAddress: undefined }, { ...way, request });
  } catch (error) {
    if (classify("connect", error).outcome !== "connect/unreachable") throw error;
    return await fetchBy({ preferred: 6, fallback: false, sourceAddress: undefined }, { ...way, request });
  }
}

async function fetchBy(
  family: AddressFamily,
  {
    request,
    environment,
    signal,
  }: Pick<Line, "signal"> & {
    readonly request: ListRequest;
    readonly environment: ServiceEnvironment;
  },
): Promise<RevocationList> {
  const { url, issuer, module } = request;
  const line: Line = { settings: { family, tls: ANY_SERVER }, module, environment, signal };
  const options = { accept: "application/pkix-crl, */*;q=0.5", mostBytes: LARGEST_LIST_BYTES };
  const { status, body } = await httpGet(new URL(url), options, line);
  if (status !== 200) {
    throw new ProbeFailure("exchange/malformed", { detail: `The server answered with HTTP status ${status}` });
  }
  return readList(body, issuer);
}

function readList(body: Uint8Array, issuer: Certificate): RevocationList {
  try {
    return readRevocationList(Buffer.from(body.buffer, body.byteOffset, body.byteLength), issuer);
  } catch (error) {
    const detail = `The list cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    throw new ProbeFailure("exchange/malformed", { detail, cause: error });
  }
}
