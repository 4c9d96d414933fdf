import { VERSION } from "../../probe/version.ts";

/** How the prober introduces itself, unless the module says otherwise. */
export const USER_AGENT = `Status-Exporter/${VERSION}`;
