import type { z } from "zod";

/** Decodes one part of the configuration into `Settings`; its issues name path, expectation and finding. */
export type Schema<Settings> = z.ZodType<Settings>;
