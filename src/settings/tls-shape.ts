import { z } from "zod";
import { DEFAULT_TLS_SETTINGS, type TlsSettings } from "../network/tls-settings.ts";
import { tlsConfig } from "./tls-config.ts";
import { yamlBoolean } from "./yaml-boolean.ts";

/** The keys by which a module says how to speak TLS; spread into the strict object of a protocol's settings. */
export const tlsShape = {
  tls_config: tlsConfig.nullish(),
  check_revoked: yamlBoolean.optional(),
};

const raw = z.strictObject(tlsShape);

/** The settings that these keys describe. */
export function readTls({ tls_config, check_revoked }: z.output<typeof raw>): TlsSettings {
  const settings = tls_config ?? DEFAULT_TLS_SETTINGS;
  // What is read for a handshake is remembered by its settings, which modules without any share.
  return check_revoked === true ? { ...settings, checkRevoked: true } : settings;
}
