import type { SecureVersion } from "node:tls";
import { z } from "zod";
import type { PemSource, TlsSettings } from "../network/tls-settings.ts";
import { secret } from "./secret.ts";
import { text } from "./text.ts";
import { yamlBoolean } from "./yaml-boolean.ts";

/** A `tls_config` block with the keys and the rules that the Prometheus family shares. */
export const tlsConfig: z.ZodType<TlsSettings> = z
  .strictObject({
    ca: text.optional(),
    ca_file: text.optional(),
    ca_ref: text.optional(),
    cert: text.optional(),
    cert_file: text.optional(),
    cert_ref: text.optional(),
    key: secret.optional(),
    key_file: text.optional(),
    key_ref: text.optional(),
    server_name: text.optional(),
    insecure_skip_verify: yamlBoolean.optional(),
    min_version: text.optional(),
    max_version: text.optional(),
  })
  .transform((raw, context): TlsSettings => {
    const key = raw.key?.reveal();
    const material = { ...raw, key };
    for (const problem of problemsOf(material)) {
      context.addIssue({ code: "custom", path: problem.path, message: problem.message });
    }
    return {
      authorities: pemSource(raw.ca, raw.ca_file),
      certificate: pemSource(raw.cert, raw.cert_file),
      key: pemSource(key, raw.key_file),
      serverName: filled(raw.server_name),
      insecureSkipVerify: raw.insecure_skip_verify ?? false,
      minVersion: VERSIONS.get(raw.min_version ?? ""),
      maxVersion: VERSIONS.get(raw.max_version ?? ""),
      checkRevoked: false,
    };
  });

type Material = Readonly<Record<string, string | boolean | undefined>>;

interface Problem {
  readonly path: string[];
  readonly message: string;
}

function problemsOf(raw: Material): readonly Problem[] {
  return [...unsupported(raw), ...contradictions(raw), ...incompletePair(raw), ...wrongVersions(raw)];
}

function unsupported(raw: Material): readonly Problem[] {
  return ["ca_ref", "cert_ref", "key_ref"]
    .filter((key) => isSet(raw[key]))
    .map((key) => ({
      path: [key],
      message: `secret managers are not supported; use ${key.replace("_ref", "_file")} instead`,
    }));
}

function contradictions(raw: Material): readonly Problem[] {
  return ["ca", "cert", "key"]
    .filter((key) => isSet(raw[key]) && isSet(raw[`${key}_file`]))
    .map((key) => ({ path: [], message: `at most one of ${key} and ${key}_file may be set` }));
}

function incompletePair(raw: Material): readonly Problem[] {
  const certificate = isSet(raw["cert"]) || isSet(raw["cert_file"]);
  const key = isSet(raw["key"]) || isSet(raw["key_file"]);
  if (certificate && !key) return [{ path: [], message: "a client certificate needs its key: set key or key_file" }];
  if (key && !certificate) return [{ path: [], message: "a client key needs its certificate: set cert or cert_file" }];
  return [];
}

function wrongVersions(raw: Material): readonly Problem[] {
  const versions = [...VERSIONS.keys()];
  const unknown = ["min_version", "max_version"].filter(
    (key) => isSet(raw[key]) && !versions.includes(String(raw[key])),
  );
  if (unknown.length > 0) {
    return unknown.map((key) => ({ path: [key], message: `expected one of ${versions.join(", ")}` }));
  }
  if (!isSet(raw["min_version"]) || !isSet(raw["max_version"])) return [];
  const inOrder = versions.indexOf(String(raw["min_version"])) <= versions.indexOf(String(raw["max_version"]));
  return inOrder ? [] : [{ path: ["max_version"], message: "expected a version not below min_version" }];
}

/** From the oldest to the newest, so that the order of keys is the order of versions. */
const VERSIONS: ReadonlyMap<string, SecureVersion> = new Map([
  ["TLS10", "TLSv1"],
  ["TLS11", "TLSv1.1"],
  ["TLS12", "TLSv1.2"],
  ["TLS13", "TLSv1.3"],
]);

function pemSource(inline: string | undefined, file: string | undefined): PemSource | undefined {
  if (inline !== undefined && inline !== "") return { inline: () => inline };
  return file === undefined || file === "" ? undefined : { file };
}

/** An empty string counts as unset, as in Go's structures. */
function filled(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function isSet(value: string | boolean | undefined): boolean {
  return value !== undefined && value !== "";
}
