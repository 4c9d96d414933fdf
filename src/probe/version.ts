/** The exporter's version; a test holds it to package.json's. */
export const VERSION = "0.1.0";

/** How probers introduce themselves to HTTP servers unless the module says otherwise (RFC 9110 §10.1.5). */
export const USER_AGENT = `Status-Exporter/${VERSION}`;
