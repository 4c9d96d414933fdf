import { readFile } from "node:fs/promises";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { readSecret } from "../../settings/secret-source.ts";
import type { HttpMeasures } from "./measures.ts";
import { accessToken } from "./oauth2.ts";
import { basicAuthorization } from "./request.ts";
import type { HttpSettings } from "./settings.ts";
import { parseTarget } from "./target.ts";
import { withoutPort } from "./without-port.ts";

/** All that stays the same from hop to hop. */
export interface Journey {
  readonly settings: HttpSettings;
  readonly context: ProbeContext;
  readonly measures: HttpMeasures;
  readonly first: URL;
  /** The virtual host to ask for, where it is not the URL's. */
  readonly host: string | undefined;
  /** The names that credentials are for. */
  readonly names: readonly string[];
  readonly authorization: string | undefined;
  readonly body: Uint8Array | undefined;
}

/** Works out what all hops share. Throws ProbeFailure of phase `request` for what cannot be asked, `login/rejected` without a token. */
export async function prepare(
  target: string,
  given: Pick<Journey, "settings" | "context" | "measures">,
): Promise<Journey> {
  const { settings, context } = given;
  const first = parseTarget(target);
  const host = virtualHost(settings, context);
  const names = host === undefined ? [first.hostname] : [first.hostname, withoutPort(host).toLowerCase()];
  const body = settings.bodyFile === undefined ? settings.body : await readBody(settings.bodyFile);
  return { ...given, first, host, names, authorization: await authorizationOf(settings, context), body };
}

/** The name asked for with the scrape, or that of the module's headers; both only where they agree. */
function virtualHost({ request }: HttpSettings, { hostname }: ProbeContext): string | undefined {
  if (hostname === undefined || hostname === "") return request.host;
  if (request.host === undefined || request.host === hostname) return hostname;
  const detail = `The module's Host header is ${JSON.stringify(request.host)}, but hostname= asks for ${JSON.stringify(hostname.slice(0, 100))}`;
  throw new ProbeFailure("request/parameter-missing", { detail });
}

async function readBody(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const detail = `Cannot read body_file: ${error instanceof Error ? error.message : String(error)}`;
    throw new ProbeFailure("request/parameter-missing", { detail, cause: error });
  }
}

/** The value of the Authorization header that the module's credentials make. */
async function authorizationOf(settings: HttpSettings, context: ProbeContext): Promise<string | undefined> {
  const { credentials } = settings.client;
  if (credentials === undefined) return undefined;
  if (credentials.kind === "oauth2") {
    const { tokens, family } = settings;
    return `Bearer ${await accessToken({ oauth2: credentials.oauth2, tokens, family }, context)}`;
  }
  if (credentials.kind === "authorization") return `${credentials.type} ${await readSecret(credentials.credentials)}`;
  const { username, password } = credentials;
  return basicAuthorization(
    username === undefined ? "" : await readSecret(username),
    password === undefined ? "" : await readSecret(password),
  );
}
