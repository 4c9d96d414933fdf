import { readFile } from "node:fs/promises";

const README = new URL("../../../README.md", import.meta.url);

/**
 * The scrape configuration that the README shows, with these targets and this exporter in place of its own, scraping
 * every other second. Throws where the README no longer shows one that can be filled in like that.
 */
export async function readmeScrapeConfiguration(given: {
  readonly targets: readonly string[];
  readonly exporter: string;
}): Promise<string> {
  const block = codeBlocks(await readFile(README, "utf8")).find((text) => text.includes("__param_target"));
  if (block === undefined) throw new Error("README.md shows no scrape configuration");
  const configuration = substitute(
    substitute(block, TARGETS, `targets: ${JSON.stringify(given.targets)}`),
    EXPORTER,
    given.exporter,
  );
  return `global: { scrape_interval: 2s, scrape_timeout: 2s }\n${configuration}`;
}

/** `targets:` with its list, in either of YAML's forms. */
const TARGETS = /targets:(?: *\[[^\]]*\]|(?:\n +- .*)+)/;
const EXPORTER = /[\w.-]+:9115/g;

function substitute(text: string, pattern: RegExp, value: string): string {
  if (text.search(pattern) === -1)
    throw new Error(`README.md's scrape configuration has nothing like ${String(pattern)}`);
  return text.replace(pattern, () => value);
}

function codeBlocks(markdown: string): readonly string[] {
  return Array.from(markdown.matchAll(/^```ya?ml\n(.*?)^```/gms), ([, text = ""]) => text);
}
