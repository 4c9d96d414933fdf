import { type Credentials, readPassword } from "../settings/credentials.ts";
import type { SaslIdentity } from "./sasl.ts";

/** Whom a module logs in, undefined where it does not; throws ProbeFailure as `readPassword` does. */
export async function readIdentity(credentials: Credentials | undefined): Promise<SaslIdentity | undefined> {
  if (credentials === undefined) return undefined;
  return { username: credentials.username, password: await readPassword(credentials) };
}
