/** What one folder of `src/` may import. */
export interface Row {
  /** A folder of `src/`, one folder of `probers/` as `probers/*`, or a single file of `src/`. */
  readonly folder: string;
  /** Folders, `probers/*` or single files; a folder may always import itself. `anything`: it only wires. */
  readonly imports: readonly string[] | "anything";
}

/** The order of dependence: who may know whom. A type counts as much as a value. */
export const ROWS: readonly Row[] = [
  { folder: "outcome", imports: [] },
  { folder: "catalogue", imports: ["outcome"] },
  { folder: "network", imports: ["outcome"] },
  { folder: "storage", imports: ["outcome", "network"] },
  { folder: "settings", imports: ["outcome", "network"] },
  { folder: "probe", imports: ["outcome", "network", "settings"] },
  { folder: "probers/*", imports: ["outcome", "network", "settings", "probe"] },
  { folder: "probers/all.ts", imports: ["outcome", "probe", "probers/*"] },
  { folder: "config", imports: ["outcome", "settings", "probe", "probers/all.ts"] },
  { folder: "runner", imports: ["outcome", "network", "storage", "probe", "config", "probers/all.ts"] },
  { folder: "exposition", imports: ["outcome", "catalogue"] },
  { folder: "generate", imports: ["outcome", "catalogue"] },
  {
    folder: "web",
    imports: ["outcome", "catalogue", "network", "probe", "runner", "exposition", "config", "settings"],
  },
  { folder: "agent", imports: ["outcome", "network", "settings", "probe"] },
  { folder: "command-line", imports: "anything" },
  { folder: "main.ts", imports: "anything" },
];

/** One dependency, one door: the folders from which each package is imported. */
export const PACKAGE_DOORS: Readonly<Record<string, readonly string[]>> = {
  "@bufbuild/cel": ["probers/http"],
  "@grafana/grafana-foundation-sdk": ["generate"],
  "@redis/client": ["storage"],
  asn1js: ["network"],
  "basic-ftp": ["probers/ftp"],
  bcryptjs: ["web"],
  "dns-packet": ["probers/dns"],
  express: ["web"],
  "js-yaml": ["config", "generate"],
  koffi: ["network", "command-line"],
  pkijs: ["network"],
  "prom-client": ["exposition"],
  re2js: ["settings"],
  tldts: ["probers/domain"],
  "tough-cookie": ["probers/http"],
  undici: ["probers/http"],
  ws: ["probers/websocket"],
  zod: ["settings", "config", "probers/*"],
};

/** Parts of Node that reach outside the process or start something; all others are free. */
export const BUILT_IN_DOORS: Readonly<Record<string, readonly string[]>> = {
  "node:child_process": ["network"],
  "node:cluster": [],
  "node:dgram": ["network"],
  "node:dns": ["network"],
  "node:dns/promises": ["network"],
  "node:fs": ["network", "storage", "settings", "config", "web", "generate", "command-line", "main.ts"],
  "node:fs/promises": [
    "agent",
    "network",
    "settings",
    "probers/*",
    "config",
    "web",
    "generate",
    "command-line",
    "main.ts",
  ],
  "node:http": ["probe", "probers/http", "probers/dns", "web", "command-line", "main.ts"],
  "node:http2": ["network", "probers/http", "probers/dns", "probers/grpc"],
  "node:https": ["web", "command-line", "main.ts"],
  "node:inspector": [],
  "node:net": ["network", "storage", "settings", "probe", "probers/*", "config", "web", "command-line", "main.ts"],
  "node:sqlite": ["storage"],
  "node:tls": ["network", "storage", "settings", "probe", "probers/*", "config", "web", "command-line", "main.ts"],
  "node:vm": [],
  "node:worker_threads": ["runner"],
};
