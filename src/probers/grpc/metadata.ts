/** What goes along with a call: names in lower case, each with its values as they are sent. */
export type Metadata = readonly (readonly [name: string, values: readonly string[]])[];

/** What is wrong with an entry of the module's metadata; undefined where nothing is. */
export function metadataProblem(name: string, values: readonly Uint8Array[]): string | undefined {
  const key = name.toLowerCase();
  if (!/^[0-9a-z_.-]+$/u.test(key)) return "expected a name of letters, digits, dots, hyphens and underscores";
  if (key.startsWith("grpc-") || RESERVED.has(key)) {
    return `the name ${JSON.stringify(key)} belongs to the protocol and cannot be metadata`;
  }
  const isPlain = values.every((value) => PRINTABLE.test(latin1(value)));
  if (key.endsWith("-bin") || isPlain) return undefined;
  return "expected values of printable ASCII; any other bytes go under a name that ends in -bin";
}

/** The metadata as it is sent: values of names that end in `-bin` in base64. */
export function readMetadata(given: Readonly<Record<string, readonly Uint8Array[]>>): Metadata {
  const merged = new Map<string, string[]>();
  for (const [name, values] of Object.entries(given)) {
    const key = name.toLowerCase();
    const encoded = values.map((value) => (key.endsWith("-bin") ? base64(value) : latin1(value)));
    merged.set(key, [...(merged.get(key) ?? []), ...encoded]);
  }
  return [...merged].filter(([, values]) => values.length > 0);
}

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: ASCII-Value; white space at its ends gets lost. */
const PRINTABLE = /^(?:[!-~](?:[ -~]*[!-~])?)?$/u;

/** What the call itself says, and what HTTP/2 has no place for (RFC 9113 §8.2.2). */
const RESERVED: ReadonlySet<string> = new Set([
  "connection",
  "content-type",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

/** Without padding, which the protocol asks senders to leave out. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/u, "");
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
