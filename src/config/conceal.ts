import { isList, isMapping, type YamlMapping, type YamlValue } from "./yaml-value.ts";

/**
 * A configuration with `<secret>` in place of every secret, for pages and messages. What counts as one: keys that name
 * a secret; all values of `proxy_connect_header` and `basic_auth_users`; headers, metadata, claims and parameters whose
 * name tells of a credential; whatever a probe sends (`body`, `send`), for it may be a login and nothing tells which part
 * of it; user information and credentials in the query of any URL. Files that hold secrets keep their names.
 */
export function concealConfiguration(document: YamlValue): YamlValue {
  if (!isMapping(document)) return conceal(document);
  return mapValues(document, (value, key) =>
    NAMES_BELOW.has(key) ? concealNamedBlocks(value) : concealAt(key, value),
  );
}

/** The names of modules and servers are the user's: one called "token" is no secret. */
const NAMES_BELOW: ReadonlySet<string> = new Set(["modules", "servers"]);

function concealNamedBlocks(blocks: YamlValue): YamlValue {
  return isMapping(blocks) ? mapValues(blocks, conceal) : conceal(blocks);
}

/** The same for any part of a configuration below the names that users give. */
export function conceal(value: YamlValue): YamlValue {
  if (typeof value === "string") return concealUrl(value);
  if (isList(value)) return value.map(conceal);
  return isMapping(value) ? concealMapping(value) : value;
}

function concealMapping(mapping: YamlMapping): YamlMapping {
  return mapValues(mapping, (value, key) => concealAt(key, value));
}

function concealAt(key: string, value: YamlValue): YamlValue {
  if (SECRET_KEYS.has(key)) return concealAll(value);
  if (SECRET_MAPPINGS.has(key)) return isMapping(value) ? mapValues(value, concealAll) : concealAll(value);
  if (NAMED_VALUES.has(key)) return concealNamed(value);
  if (URL_KEYS.has(key) && typeof value === "string") return concealUserInformation(value);
  return namesSecret(key) ? concealScalars(value) : conceal(value);
}

const CONCEALED = "<secret>";

const SECRET_KEYS: ReadonlySet<string> = new Set([
  "password",
  "credentials",
  "bearer_token",
  "client_secret",
  "client_certificate_key",
  "key",
  "token",
  "passphrase",
  "secrets",
  "body",
  "send",
  "send_bytes",
  "send_hex",
  "send_base64",
]);

/** Mappings from names to secrets. */
const SECRET_MAPPINGS: ReadonlySet<string> = new Set(["proxy_connect_header", "basic_auth_users"]);

/** Mappings in which the name of an entry tells whether its value is a secret. */
const NAMED_VALUES: ReadonlySet<string> = new Set(["headers", "http_headers", "metadata", "endpoint_params", "claims"]);

const URL_KEYS: ReadonlySet<string> = new Set(["proxy_url", "token_url", "url"]);

/** A credential by its name; a key that only points to one (`password_file`) is none. */
function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name) && !POINTER_NAME.test(name);
}

const SECRET_NAME = /passw|passphrase|secret|token|credential|private/iu;
const POINTER_NAME = /_(?:file|ref|url|id)$/iu;

/** Headers and parameters go by looser names: `X-Api-Key`, `Authorization`, `Cookie`, `sessionid`. */
const CREDENTIAL_NAME =
  /passw|passphrase|secret|token|credential|private|auth|cookie|session|key|signature|assertion/iu;

function concealNamed(value: YamlValue): YamlValue {
  if (!isMapping(value)) return concealAll(value);
  return mapValues(value, (entry, name) => (CREDENTIAL_NAME.test(name) ? concealHeader(entry) : conceal(entry)));
}

/** A header's value may be a list, or come as `values`, `secrets` and `files`; only the names of files are shown. */
function concealHeader(value: YamlValue): YamlValue {
  if (!isMapping(value)) return concealAll(value);
  return mapValues(value, (part, key) => (key === "files" ? conceal(part) : concealAll(part)));
}

function concealAll(value: YamlValue): YamlValue {
  return isList(value) ? value.map(() => CONCEALED) : CONCEALED;
}

/** A switch such as `cache_oauth2_token: true` is no secret, whatever its name; a block is looked into. */
function concealScalars(value: YamlValue): YamlValue {
  if (typeof value === "boolean") return value;
  return isMapping(value) ? concealMapping(value) : concealAll(value);
}

function concealUserInformation(url: string): string {
  return concealUrl(url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/isu, `$1${CONCEALED}@`));
}

function concealUrl(text: string): string {
  if (!text.includes("://")) return text;
  return text
    .replaceAll(/(:\/\/)([^\s/?#:@]*:)?[^\s/?#]*@/gu, `$1$2${CONCEALED}@`)
    .replaceAll(
      /([?&][^=&\s#]*(?:passw|secret|token|credential|auth|key|sig|session)[^=&\s#]*=)[^&\s#]*/giu,
      `$1${CONCEALED}`,
    );
}

function mapValues(mapping: YamlMapping, change: (value: YamlValue, key: string) => YamlValue): YamlMapping {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(value, key)]));
}
