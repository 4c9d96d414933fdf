import type { Prober } from "../probe/prober.ts";
import { http } from "./http/http.ts";

/** Every protocol that can be probed, by the name that `prober:` has in a module. */
export const PROBERS: readonly Prober[] = [http];
