import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Problems } from "../config/configuration.ts";
import { readConfigurationFile } from "../config/read-configuration-file.ts";
import {
  type ClientPolicy,
  type PemOrFile,
  readWebConfig,
  type WebSettings,
  type WebTlsSettings,
} from "../config/read-web-config.ts";

/** How the exporter itself is served: over TLS or not, to whom, with which headers, how often. */
export interface WebConfig extends Omit<WebSettings, "tls"> {
  readonly tls: WebTls | undefined;
  /** The files that all this was read from. */
  readonly files: readonly string[];
}

export interface WebTls {
  /** For `https.createServer` and `setSecureContext`. */
  readonly context: SecureContextOptions;
  readonly clientPolicy: ClientPolicy;
  readonly clientNames: readonly string[];
}

/** What holds without `--web.config.file`: plain HTTP for everybody. */
export const OPEN_WEB_CONFIG: WebConfig = {
  tls: undefined,
  headers: [],
  users: new Map(),
  rateLimit: undefined,
  files: [],
};

/** Reads `--web.config.file` with the certificates that it names, or says what is wrong with it. */
export async function loadWebConfig(path: string): Promise<WebConfig | Problems> {
  const content = await attempt(() => readConfigurationFile(path), "Cannot read the web configuration file");
  if ("problem" in content) return { problems: [content.problem] };
  const settings = readWebConfig(content.value);
  if ("problems" in settings) return settings;
  const { tls, ...rest } = settings;
  if (tls === undefined) return { ...rest, tls: undefined, files: [path] };
  const named = [tls.certificate, tls.key, tls.clientAuthorities].map(({ file }) => file);
  const files = named.filter((file) => file !== undefined).map((file) => resolve(dirname(path), file));
  const context = await attempt(() => secureContext(tls, dirname(path)), "Cannot use tls_server_config");
  if ("problem" in context) return { problems: [context.problem] };
  const { clientPolicy, clientNames } = tls;
  return { ...rest, tls: { context: context.value, clientPolicy, clientNames }, files: [path, ...files] };
}

/** Builds a context once, so that a key that does not fit its certificate is noticed now. */
async function secureContext(tls: WebTlsSettings, folder: string): Promise<SecureContextOptions> {
  const authorities = await pem(tls.clientAuthorities, folder);
  const options: SecureContextOptions = {
    cert: await pem(tls.certificate, folder),
    key: await pem(tls.key, folder),
    ...(authorities === undefined ? {} : { ca: authorities }),
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    honorCipherOrder: tls.preferServerCiphers,
    ...ciphers(tls),
    ...(tls.curves.length === 0 ? {} : { ecdhCurve: tls.curves.join(":") }),
  };
  createSecureContext(options);
  return options;
}

/** Files are relative to the file that names them. */
async function pem({ text, file }: PemOrFile, folder: string): Promise<string | undefined> {
  return file === undefined ? text : await readFile(resolve(folder, file), "utf8");
}

/** As in Go, the setting is about TLS up to 1.2: the suites of TLS 1.3 are always there. */
function ciphers(tls: WebTlsSettings): Pick<SecureContextOptions, "ciphers"> {
  const chosen = tls.ciphers.filter((name) => !name.startsWith("TLS_"));
  // OpenSSL leaves TLS 1.0 and 1.1 out above security level 0, whatever the versions say.
  const level = tls.minVersion === "TLSv1" || tls.minVersion === "TLSv1.1" ? "@SECLEVEL=0" : undefined;
  if (chosen.length === 0 && level === undefined) return {};
  const names = chosen.length === 0 ? ["DEFAULT"] : chosen;
  return { ciphers: [...TLS13_SUITES, ...names, ...(level === undefined ? [] : [level])].join(":") };
}

const TLS13_SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

async function attempt<Value>(
  work: () => Promise<Value>,
  action: string,
): Promise<{ readonly value: Value } | { readonly problem: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { problem: `${action}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
