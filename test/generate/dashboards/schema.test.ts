import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const FILES = join(ROOT, "dashboards");
const SDK = join(ROOT, "node_modules", "@grafana", "grafana-foundation-sdk", "dist");
const COMPILER = join(ROOT, "node_modules", "typescript", "bin", "tsc");

void test("every committed dashboard is one by the types of Grafana's SDK, its panels' options and queries included", async () => {
  const names = (await readdir(FILES)).filter((name) => name.endsWith(".json"));
  const texts = await Promise.all(names.map((name) => readFile(join(FILES, name), "utf8")));

  assert.equal(names.length, 6);
  assert.equal(await complaints(texts), "");
});

for (const [right, wrong] of [
  ['"type": "prometheus"', '"type": 7'],
  ['"schemaVersion"', '"schemaRevision"'],
  ['"mode": "absolute"', '"mode": "absolut"'],
  ['"colorMode": "value"', '"colourMode": "value"'],
  ['"expr"', '"expression"'],
  ['"showPoints": "never"', '"showPoints": "seldom"'],
] as const) {
  void test(`a dashboard with ${wrong} in place of ${right} is none`, async () => {
    const text = await readFile(join(FILES, "target.json"), "utf8");
    assert.ok(text.includes(right));

    assert.match(await complaints([text.replace(right, wrong)]), /error TS2/);
  });
}

/** What the compiler says of dashboards as literals; nothing where they fit. */
async function complaints(texts: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "status-exporter-"));
  try {
    const options = { strict: true, noEmit: true, module: "nodenext", target: "esnext", skipLibCheck: true, types: [] };
    await writeFile(join(directory, "check.mts"), [TYPES, ...texts.map(literals)].join("\n"));
    await writeFile(
      join(directory, "tsconfig.json"),
      JSON.stringify({ compilerOptions: options, files: ["check.mts"] }),
    );
    return await compile(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function compile(directory: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMPILER, "-p", directory], (error, output, errors) => {
      resolve(error === null ? "" : `${error.message}\n${output}${errors}`);
    });
  });
}

/** In JSON a value of an enumeration is its text, and a query does not say which kind of query it is. */
const TYPES = `
import type * as common from ${sdk("common")};
import type { Dashboard, FieldConfig, FieldConfigSource, Panel } from ${sdk("dashboard")};
import type { Dataquery } from ${sdk("prometheus")};
import type * as stat from ${sdk("stat")};
import type * as statetimeline from ${sdk("statetimeline")};
import type * as table from ${sdk("table")};
import type * as timeseries from ${sdk("timeseries")};

type Json<T> = 0 extends 1 & T
  ? T
  : T extends string
    ? \`\${T}\`
    : T extends readonly (infer Item)[]
      ? Json<Item>[]
      : T extends object
        ? { [Key in keyof T as Key extends "_implementsDataqueryVariant" ? never : Key]: Json<T[Key]> }
        : T;

type PanelOf<Type extends string, Options, Custom> = Json<
  Omit<Panel, "type" | "options" | "targets" | "fieldConfig"> & {
    type: Type;
    options: Options;
    targets: Dataquery[];
    fieldConfig: Omit<FieldConfigSource, "defaults"> & { defaults: Omit<FieldConfig, "custom"> & { custom?: Custom } };
  }
>;

type AnyPanel =
  | PanelOf<"timeseries", timeseries.Options, timeseries.FieldConfig>
  | PanelOf<"stat", stat.Options, never>
  | PanelOf<"table", table.Options, table.FieldConfig>
  | PanelOf<"state-timeline", statetimeline.Options, statetimeline.FieldConfig>;

type Whole = Json<Omit<Dashboard, "panels">> & { panels: AnyPanel[] };
`;

function sdk(part: string): string {
  return JSON.stringify(join(SDK, part, "index.js"));
}

function literals(text: string): string {
  return `(${text.trim()}) satisfies Whole;`;
}
