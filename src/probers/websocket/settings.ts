import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { byteSize } from "../../settings/byte-size.ts";
import { HEADER_NAME, HEADER_VALUE } from "../../settings/header-syntax.ts";
import { type ExtraHeader, type HttpClientSettings, readHttpClient } from "../../settings/http-client.ts";
import { httpClientShape } from "../../settings/http-client-shape.ts";
import { type ConversationStep, conversationStep } from "../../settings/query-response.ts";
import { secret } from "../../settings/secret.ts";
import { secretSource } from "../../settings/secret-source.ts";
import { text } from "../../settings/text.ts";

/** A module's `websocket` block, decoded. */
export interface WebSocketSettings {
  readonly family: AddressFamily;
  readonly client: HttpClientSettings;
  /** Whether to follow a redirect in place of the upgrade: only where the module says so, as no browser does. */
  readonly followsRedirects: boolean;
  /** Of the upgrade, beside those of the handshake itself. */
  readonly headers: readonly ExtraHeader[];
  /** To offer, by preference. */
  readonly subprotocols: readonly string[];
  readonly steps: readonly ConversationStep[];
  readonly messageType: "text" | "binary" | "any";
  readonly largestMessageBytes: number;
}

const httpConfig = z.strictObject(httpClientShape).transform((given, context) => ({
  client: readHttpClient(given, { context }),
  followsRedirects: given.follow_redirects === true,
}));

/** A header's values, or just the one. */
const header = z.union([
  text.transform((value) => ({ values: [value], secrets: [], files: [] })),
  z.strictObject({
    values: z.array(text).nullish(),
    secrets: z.array(secret).nullish(),
    files: z.array(text).nullish(),
  }),
]);

const raw = z.strictObject({
  ...addressFamilyShape,
  http_config: httpConfig.nullish(),
  headers: z.record(z.string(), header).nullish(),
  query_response: z.array(conversationStep).nullish(),
  subprotocols: z.array(text).nullish(),
  message_type: z.enum(["text", "binary", "any"], { error: 'expected "text", "binary" or "any"' }).optional(),
  max_message_size: byteSize.optional(),
});

type Raw = z.output<typeof raw>;

const NO_CLIENT = httpConfig.parse({});

/** Reads the `websocket` block of a module. */
export const websocketSettings: z.ZodType<WebSocketSettings> = raw.transform((given, context): WebSocketSettings => {
  const { client, followsRedirects } = given.http_config ?? NO_CLIENT;
  const headers = [...client.headers, ...headersOf(given)];
  for (const { path, message } of problemsOf(given, client)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
  return {
    family: readAddressFamily(given),
    client,
    followsRedirects,
    headers,
    subprotocols: given.subprotocols ?? [],
    steps: given.query_response ?? [],
    messageType: given.message_type ?? "any",
    largestMessageBytes: given.max_message_size ?? USUAL_LIMIT_BYTES,
  };
});

/** Servers that push more than this in one message to a stranger are rare; the module may allow it. */
const USUAL_LIMIT_BYTES = 1024 * 1024;

/** A message is held in memory, and several probes run at once. */
const HIGHEST_LIMIT_BYTES = 64 * 1024 * 1024;

function headersOf({ headers }: Raw): readonly ExtraHeader[] {
  return Object.entries(headers ?? {}).map(([name, { values, secrets, files }]) => ({
    name,
    values: values ?? [],
    secrets: [
      ...(secrets ?? []),
      ...(files ?? []).map((file) => secretSource(undefined, file)).filter((source) => source !== undefined),
    ],
  }));
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function problemsOf(given: Raw, client: HttpClientSettings): readonly Problem[] {
  return [
    ...client.headers.flatMap(({ name }) => reservedProblem(name, ["http_config", "http_headers", name])),
    ...headerProblems(given),
    ...stepProblems(given.query_response ?? []),
    ...subprotocolProblems(given.subprotocols ?? []),
    ...sizeProblems(given.max_message_size),
  ];
}

function headerProblems({ headers }: Raw): readonly Problem[] {
  return Object.entries(headers ?? {}).flatMap(([name, { values, secrets }]) => {
    const path = ["headers", name];
    if (!HEADER_NAME.test(name)) return [{ path, message: "expected the name of a header" }];
    const written = [...(values ?? []), ...(secrets ?? []).map((value) => value.reveal())];
    if (!written.every((value) => HEADER_VALUE.test(value))) {
      return [{ path, message: "expected values without line breaks and control characters" }];
    }
    return reservedProblem(name, path);
  });
}

function reservedProblem(name: string, path: readonly string[]): readonly Problem[] {
  if (!OF_THE_HANDSHAKE.has(name.toLowerCase())) return [];
  return [{ path, message: `the header ${JSON.stringify(name)} is the handshake's own and not allowed here` }];
}

/** RFC 6455 §4.1; and what describes a body, which the upgrade has not. */
const OF_THE_HANDSHAKE: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "sec-websocket-accept",
  "sec-websocket-extensions",
  "sec-websocket-key",
  "sec-websocket-version",
  "transfer-encoding",
  "upgrade",
]);

function stepProblems(steps: readonly ConversationStep[]): readonly Problem[] {
  return steps.flatMap(({ startTls, sending }, index) => {
    const path = ["query_response", index];
    if (startTls)
      return [{ path, message: "starttls has no place in a WebSocket: the target's scheme wss asks for TLS" }];
    if (sending?.key !== "send" || isUtf8(sending.bytes)) return [];
    return [{ path, message: "a text message is UTF-8; send_bytes and send_hex send binary messages" }];
  });
}

function subprotocolProblems(names: readonly string[]): readonly Problem[] {
  return names.flatMap((name, index) => {
    const path = ["subprotocols", index];
    if (!HEADER_NAME.test(name)) return [{ path, message: "expected the name of a subprotocol" }];
    return names.indexOf(name) < index ? [{ path, message: "the names of subprotocols must differ" }] : [];
  });
}

function sizeProblems(bytes: number | undefined): readonly Problem[] {
  if (bytes === undefined || (bytes >= 1 && bytes <= HIGHEST_LIMIT_BYTES)) return [];
  return [{ path: ["max_message_size"], message: "expected a size from 1B to 64MB" }];
}
