import type { Settings } from "../faults/fault.ts";
import { createAuthority } from "./certificates.ts";

/** A certificate for the loopback as a server presents it, and the settings of a module that trusts it. */
export async function loopbackIdentity(): Promise<{
  readonly tls: { readonly key: string; readonly cert: string };
  readonly trust: Settings;
}> {
  const authority = await createAuthority();
  const { key, chain } = await authority.issue();
  return { tls: { key, cert: chain }, trust: { tls_config: { ca: authority.certificate } } };
}
