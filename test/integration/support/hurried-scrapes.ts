import { readFile } from "node:fs/promises";

const CONFIGURATION = new URL("../../../config/prometheus/prometheus.yml", import.meta.url);

/** Where the parts are of a Prometheus that is configured as config/prometheus/prometheus.yml. */
export interface Places {
  readonly exporterPort: number;
  readonly alertmanagerPort: number;
  /** The folder of the rules. */
  readonly rules: string;
  /** Seconds from one scrape to the next. */
  readonly seconds: number;
}

/**
 * Prometheus' configuration as it is committed, with other ports and in a hurry. The site that it names as an example
 * is the exporter's own. Throws where the file no longer has what is to be replaced.
 */
export async function hurriedScrapes({ exporterPort, alertmanagerPort, rules, seconds }: Places): Promise<string> {
  const substitutes: readonly (readonly [pattern: RegExp, value: string])[] = [
    [/localhost:9115/g, `localhost:${exporterPort}`],
    [/localhost:9093/g, `localhost:${alertmanagerPort}`],
    [/https:\/\/www\.example\.com\//g, `http://localhost:${exporterPort}/`],
    [/(?<=- )rules\//g, `${rules}/`],
    [/scrape_interval: 1m/g, `scrape_interval: ${seconds}s`],
    [/evaluation_interval: 15s/g, `evaluation_interval: ${Math.ceil(seconds / 4)}s`],
    [/scrape_timeout: 15s/g, `scrape_timeout: ${Math.min(seconds, MOST_SECONDS_TO_SCRAPE)}s`],
    [/refresh_interval: 1m/g, `refresh_interval: ${seconds}s`],
  ];
  const committed = await readFile(CONFIGURATION, "utf8");
  return substitutes.reduce((text, [pattern, value]) => substitute(text, pattern, value), committed);
}

/** As long as the targets that are broken on purpose are made for. */
const MOST_SECONDS_TO_SCRAPE = 10;

function substitute(text: string, pattern: RegExp, value: string): string {
  if (text.search(pattern) === -1) throw new Error(`prometheus.yml has nothing like ${String(pattern)}`);
  return text.replaceAll(pattern, () => value);
}
