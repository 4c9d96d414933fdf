import { z } from "zod";
import { bytes } from "./bytes.ts";
import { type ContentChecks, contentChecksShape, readContentChecks } from "./content-checks.ts";
import { hexBytes } from "./hex-bytes.ts";
import { type RegularExpression, regularExpression } from "./regular-expression.ts";
import { text } from "./text.ts";
import { yamlBoolean } from "./yaml-boolean.ts";

/** One entry of `query_response`: what to wait for, then what to send, then whether to start TLS. */
export interface ConversationStep {
  readonly expectation: Expectation | undefined;
  readonly forbidden: readonly Uint8Array[];
  /** To expose once the expectation is met; values may name groups of its match. */
  readonly labels: readonly ExpectLabel[];
  readonly sending: Sending | undefined;
  readonly startTls: boolean;
}

/** A line that matches, exactly these bytes, or all of these parts anywhere. */
export type Expectation =
  | { readonly kind: "line"; readonly pattern: RegularExpression }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "content"; readonly parts: readonly Uint8Array[] };

export interface ExpectLabel {
  readonly name: string;
  readonly value: string;
}

/** What to send, by the key that said so: `send` is a line of text, the others are sent as they are. */
export interface Sending {
  readonly key: "send" | "send_bytes" | "send_hex";
  readonly bytes: Uint8Array;
}

const label = z
  .strictObject({ name: text.optional(), value: text.optional() })
  .transform((raw, context): ExpectLabel => {
    const name = raw.name ?? "";
    if (!LABEL_NAME.test(name) || name.startsWith("__")) {
      context.addIssue({
        code: "custom",
        path: ["name"],
        message:
          "expected a label name of letters, digits and underscores that starts with neither a digit nor two underscores",
      });
    }
    return { name, value: raw.value ?? "" };
  });

/** https://prometheus.io/docs/concepts/data_model/: names that start with two underscores are Prometheus's own. */
const LABEL_NAME = /^[a-zA-Z_]\w*$/u;

const raw = z.strictObject({
  expect: regularExpression.optional(),
  expect_bytes: bytes.optional(),
  ...contentChecksShape,
  labels: z.array(label).nullish(),
  send: bytes.optional(),
  send_bytes: bytes.optional(),
  send_hex: hexBytes.optional(),
  starttls: yamlBoolean.optional(),
});

type Raw = z.output<typeof raw>;

/** One entry of the list `query_response`. */
export const conversationStep: z.ZodType<ConversationStep> = raw.transform((given, context): ConversationStep => {
  const checks = readContentChecks(given);
  for (const message of problemsOf(given, checks)) context.addIssue({ code: "custom", message });
  return {
    expectation: expectationOf(given, checks),
    forbidden: checks.forbidden,
    labels: given.labels ?? [],
    sending: sendingOf(given),
    startTls: given.starttls ?? false,
  };
});

function problemsOf(given: Raw, { required, forbidden }: ContentChecks): readonly string[] {
  const expected = [
    ...(given.expect === undefined ? [] : ["expect"]),
    ...(isFilled(given.expect_bytes) ? ["expect_bytes"] : []),
    ...(required.length > 0 ? ["required_content"] : []),
  ];
  const sent = [
    ...(isFilled(given.send) ? ["send"] : []),
    ...(isFilled(given.send_bytes) ? ["send_bytes"] : []),
    ...(given.send_hex === undefined ? [] : ["send_hex"]),
  ];
  const names = (given.labels ?? []).map(({ name }) => name);
  return [
    ...(expected.length > 1 ? [`${expected.join(" and ")} are mutually exclusive`] : []),
    ...(sent.length > 1 ? [`${sent.join(" and ")} are mutually exclusive`] : []),
    ...(isFilled(given.expect_bytes) && forbidden.length > 0
      ? ["expect_bytes and forbidden_content are mutually exclusive: the bytes leave nothing to forbid"]
      : []),
    ...(names.length > 0 && expected.length === 0 ? ["labels need something to expect in the same entry"] : []),
    ...(new Set(names).size < names.length ? ["the names of an entry's labels must differ"] : []),
  ];
}

function expectationOf(given: Raw, { required }: ContentChecks): Expectation | undefined {
  if (given.expect !== undefined) return { kind: "line", pattern: given.expect };
  if (isFilled(given.expect_bytes)) return { kind: "bytes", bytes: given.expect_bytes };
  return required.length > 0 ? { kind: "content", parts: required } : undefined;
}

function sendingOf(given: Raw): Sending | undefined {
  if (isFilled(given.send)) return { key: "send", bytes: given.send };
  if (isFilled(given.send_bytes)) return { key: "send_bytes", bytes: given.send_bytes };
  return given.send_hex === undefined ? undefined : { key: "send_hex", bytes: given.send_hex };
}

/** An empty string counts as unset, as in blackbox_exporter. */
function isFilled(content: Uint8Array | undefined): content is Uint8Array {
  return content !== undefined && content.length > 0;
}
