import { stat } from "node:fs/promises";
import type { Problems } from "../config/configuration.ts";
import { loadWebConfig, OPEN_WEB_CONFIG, type WebConfig } from "./web-config.ts";

interface HolderOptions {
  /** Told of what is wrong with a file that changed; what it replaces stays in force. */
  readonly onProblems: (problems: readonly string[]) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Opens `--web.config.file` ("" for none), or says what is wrong with it. */
export async function openWebConfig(path: string, options: HolderOptions): Promise<WebConfigHolder | Problems> {
  if (path === "") return new WebConfigHolder({ ...options, path, config: OPEN_WEB_CONFIG, version: "" });
  const config = await loadWebConfig(path);
  if ("problems" in config) return config;
  return new WebConfigHolder({ ...options, path, config, version: await versionOf(config.files) });
}

/** Holds the web configuration that is in force, and reads it again when one of its files changes. */
export class WebConfigHolder {
  readonly #options: HolderOptions & { readonly path: string };
  readonly #subscribers = new Set<(config: WebConfig) => void>();
  #config: WebConfig;
  #version: string;
  #lookedAt: number;
  #looking: Promise<void> | undefined;

  constructor(
    options: HolderOptions & { readonly path: string; readonly config: WebConfig; readonly version: string },
  ) {
    this.#options = options;
    this.#config = options.config;
    this.#version = options.version;
    this.#lookedAt = options.now();
  }

  get current(): WebConfig {
    return this.#config;
  }

  /** Tells of every configuration that replaces the one in force. */
  subscribe(subscriber: (config: WebConfig) => void): void {
    this.#subscribers.add(subscriber);
  }

  /** The configuration by which to judge a request that arrives now. */
  async refreshed(): Promise<WebConfig> {
    const now = this.#options.now();
    if (this.#config.files.length > 0 && now - this.#lookedAt >= LOOK_INTERVAL_MILLISECONDS) {
      this.#lookedAt = now;
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    }
    await this.#looking;
    return this.#config;
  }

  async #look(): Promise<void> {
    const version = await versionOf(this.#config.files);
    if (version === this.#version) return;
    this.#version = version;
    const config = await loadWebConfig(this.#options.path);
    if ("problems" in config) return this.#options.onProblems(config.problems);
    const restart = needsRestart(this.#config, config);
    if (restart !== undefined) return this.#options.onProblems([restart]);
    this.#version = await versionOf(config.files);
    this.#config = config;
    for (const subscriber of this.#subscribers) subscriber(config);
  }
}

/** A change counts from the next second on; looking at four files for every scrape would cost more than it is worth. */
const LOOK_INTERVAL_MILLISECONDS = 1000;

/** What a listening server cannot change any more. */
function needsRestart(before: WebConfig, after: WebConfig): string | undefined {
  const [old, wanted] = [handshakeOf(before), handshakeOf(after)];
  return old === wanted ? undefined : `Cannot change from ${old} to ${wanted} while serving: restart the exporter`;
}

function handshakeOf({ tls }: WebConfig): string {
  if (tls === undefined) return "no TLS";
  const { certificate, verified } = tls.clientPolicy;
  if (certificate === "ignored") return "TLS without client certificates";
  return certificate === "required" && verified ? "TLS with verified clients" : "TLS that asks for client certificates";
}

/** Changes whenever one of the files does; a file that is missing is a version too. */
async function versionOf(files: readonly string[]): Promise<string> {
  const versions = files.map(async (file) => {
    const found = await stat(file, { bigint: true }).catch(
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
    return typeof found === "string" ? found : `${found.mtimeNs}-${found.size}-${found.ino}`;
  });
  return (await Promise.all(versions)).join(" ");
}
