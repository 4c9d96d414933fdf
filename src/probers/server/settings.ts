import { z } from "zod";
import type { Schema } from "../../settings/schema.ts";

/** What a module's `server` block may hold: nothing, for everything about a server stands under its name in `servers:`. */
export type ServerModuleSettings = Readonly<Record<string, never>>;

export const serverModuleSettings: Schema<ServerModuleSettings> = z.strictObject({});
