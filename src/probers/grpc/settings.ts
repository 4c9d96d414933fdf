import { z } from "zod";
import type { TlsSettings } from "../../network/tls-settings.ts";
import { type AddressFamily, addressFamilyShape, readAddressFamily } from "../../settings/address-family.ts";
import { bytes } from "../../settings/bytes.ts";
import { text } from "../../settings/text.ts";
import { readTls, tlsShape } from "../../settings/tls-shape.ts";
import { yamlBoolean } from "../../settings/yaml-boolean.ts";
import { encodeHealthRequest } from "./health-message.ts";
import { frameMessage } from "./message-frame.ts";
import { type Metadata, metadataProblem, readMetadata } from "./metadata.ts";

/** A module's `grpc` block, decoded. */
export interface GrpcSettings {
  readonly family: AddressFamily;
  /** Whether TLS is spoken, with these settings. */
  readonly tls: boolean;
  readonly tlsSettings: TlsSettings;
  readonly metadata: Metadata;
  /** The body of the call: a health check of the module's service. */
  readonly request: Uint8Array;
}

const values = z.union([bytes.transform((one): readonly Uint8Array[] => [one]), z.array(bytes)]);

/** Far beyond any package with its service. */
const LONGEST_SERVICE = 1000;

const raw = z.strictObject({
  ...addressFamilyShape,
  service: text.refine((name) => Buffer.byteLength(name) <= LONGEST_SERVICE, "expected a shorter name").optional(),
  tls: yamlBoolean.optional(),
  ...tlsShape,
  metadata: z.record(z.string(), values).nullish(),
});

/** Reads the `grpc` block of a module. */
export const grpcSettings: z.ZodType<GrpcSettings> = raw.transform((given, context): GrpcSettings => {
  const metadata = given.metadata ?? {};
  for (const [name, entry] of Object.entries(metadata)) {
    const message = metadataProblem(name, entry);
    if (message !== undefined) context.addIssue({ code: "custom", path: ["metadata", name], message });
  }
  return {
    family: readAddressFamily(given),
    tls: given.tls ?? false,
    tlsSettings: readTls(given),
    metadata: readMetadata(metadata),
    request: frameMessage(encodeHealthRequest(given.service ?? "")),
  };
});
