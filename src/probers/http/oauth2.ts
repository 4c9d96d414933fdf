import { createSign } from "node:crypto";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { printable } from "../../probe/printable.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import type { AddressFamily } from "../../settings/address-family.ts";
import type { OAuth2Settings } from "../../settings/http-client.ts";
import { readSecret } from "../../settings/secret-source.ts";
import { fetchText } from "./fetch-text.ts";
import { basicAuthorization } from "./request.ts";
import type { TokenCache } from "./token-cache.ts";

export interface TokenOptions {
  readonly oauth2: OAuth2Settings;
  readonly tokens: TokenCache;
  readonly family: AddressFamily;
}

/**
 * An access token: the one in the cache, or a new one. Throws ProbeFailure `login/rejected` where none can be had,
 * whatever the reason, for the target has no part in it.
 */
export async function accessToken(options: TokenOptions, context: ProbeContext): Promise<string> {
  const held = options.tokens.get(Date.now());
  return held ?? (await context.during("login", () => newToken(options, context)));
}

async function newToken({ oauth2, tokens, family }: TokenOptions, context: ProbeContext): Promise<string> {
  const asked = Date.now();
  try {
    const token = await askForToken({ oauth2, family }, apart(context));
    if (oauth2.cacheToken && token.expiresInSeconds !== undefined) {
      tokens.put(token.value, asked + (token.expiresInSeconds - EARLY_SECONDS) * 1000);
    }
    return token.value;
  } catch (error) {
    if (context.signal.aborted) throw error;
    const where = `${oauth2.tokenUrl.host}${oauth2.tokenUrl.pathname}`;
    const why = error instanceof ProbeFailure ? error.detail : error instanceof Error ? error.message : String(error);
    throw new ProbeFailure("login/rejected", {
      detail: `Cannot get an OAuth2 token from ${where}: ${why}`,
      cause: error,
    });
  }
}

/** A token is replaced a little before it expires, so that it does not expire on its way. */
const EARLY_SECONDS = 10;

/** The token's server is not the target: nothing of it is measured, its phases are all `login`, its address is ours to choose. */
function apart(context: ProbeContext): ProbeContext {
  return {
    ...context,
    module: { ...context.module, internalAddresses: "allow" },
    during: async (_phase, work) => await work(),
    measure: ignore,
    withdraw: ignore,
    noteHttpStatus: ignore,
  };
}

function ignore(): void {
  // Only the target is measured.
}

interface Token {
  readonly value: string;
  /** Undefined where the server does not say: such a token serves one probe. */
  readonly expiresInSeconds: number | undefined;
}

interface Asker {
  readonly oauth2: OAuth2Settings;
  readonly family: AddressFamily;
}

async function askForToken(asker: Asker, context: ProbeContext): Promise<Token> {
  if (asker.oauth2.grant === "jwt-bearer") {
    const form = await assertionForm(asker.oauth2);
    return readToken(await post(asker, { form, authorization: undefined, context }));
  }
  const secret = asker.oauth2.clientSecret === undefined ? "" : await readSecret(asker.oauth2.clientSecret);
  // RFC 6749 §2.3.1 prefers the header; servers that want the credentials in the form refuse it.
  const authorization = basicAuthorization(formEncoded(asker.oauth2.clientId), formEncoded(secret));
  const form = credentialsForm(asker.oauth2);
  const first = await post(asker, { form, authorization, context });
  if (first.status >= 200 && first.status <= 299) return readToken(first);
  form.set("client_id", asker.oauth2.clientId);
  if (secret !== "") form.set("client_secret", secret);
  return readToken(await post(asker, { form, authorization: undefined, context }));
}

/** As in a form, which is how the header's two parts are written (RFC 6749 §2.3.1). */
function formEncoded(value: string): string {
  return new URLSearchParams([["", value]]).toString().slice("=".length);
}

function credentialsForm(oauth2: OAuth2Settings): URLSearchParams {
  const form = new URLSearchParams(Object.entries(oauth2.endpointParameters));
  form.set("grant_type", "client_credentials");
  if (oauth2.scopes.length > 0) form.set("scope", oauth2.scopes.join(" "));
  return form;
}

async function assertionForm(oauth2: OAuth2Settings): Promise<URLSearchParams> {
  const form = new URLSearchParams(Object.entries(oauth2.endpointParameters));
  form.set("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
  form.set("assertion", await assertion(oauth2, Math.floor(Date.now() / 1000)));
  return form;
}

/** A signed JWT (RFC 7519, RFC 7523 §3) that is good for an hour from `now` (Unix seconds). */
async function assertion(oauth2: OAuth2Settings, now: number): Promise<string> {
  const key = oauth2.signingKey === undefined ? "" : await readSecret(oauth2.signingKey);
  const header = {
    alg: oauth2.signatureAlgorithm,
    typ: "JWT",
    ...(oauth2.signingKeyId === "" ? {} : { kid: oauth2.signingKeyId }),
  };
  const claims = {
    ...oauth2.claims,
    iss: oauth2.issuer === "" ? oauth2.clientId : oauth2.issuer,
    sub: oauth2.clientId,
    aud: oauth2.audience === "" ? oauth2.tokenUrl.href : oauth2.audience,
    ...(oauth2.scopes.length === 0 ? {} : { scope: oauth2.scopes.join(" ") }),
    iat: now,
    exp: now + 3600,
  };
  const signed = `${base64url(header)}.${base64url(claims)}`;
  const signer = createSign(`RSA-SHA${oauth2.signatureAlgorithm.slice("RS".length)}`);
  return `${signed}.${signer.update(signed).sign(key, "base64url")}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function post(
  { oauth2, family }: Asker,
  request: {
    readonly form: URLSearchParams;
    readonly authorization: string | undefined;
    readonly context: ProbeContext;
  },
): Promise<Answer> {
  return fetchText(
    {
      url: oauth2.tokenUrl,
      method: "POST",
      headers: [
        "accept",
        "application/json",
        "content-type",
        "application/x-www-form-urlencoded",
        ...(request.authorization === undefined ? [] : ["authorization", request.authorization]),
      ],
      body: Buffer.from(request.form.toString()),
      family,
      tls: oauth2.tls,
      proxy: oauth2.proxy,
      proxyConnectHeaders: oauth2.proxyConnectHeaders,
    },
    request.context,
  );
}

/** RFC 6749 §5.1 and §5.2; some servers answer with a form instead of JSON. */
function readToken({ status, type, text }: Answer): Token {
  const fields = type.includes("x-www-form-urlencoded") ? formFields(text) : jsonFields(text);
  const value = fields["access_token"];
  if (status >= 200 && status <= 299 && typeof value === "string" && /^[\u0021-\u007e]+$/u.test(value)) {
    const expiresIn = Number(fields["expires_in"] ?? Number.NaN);
    return { value, expiresInSeconds: expiresIn > 0 ? expiresIn : undefined };
  }
  const error = fields["error"];
  const why = typeof error === "string" ? ` (${printable(error)})` : "";
  throw new Error(`it answered ${status}${why} without a usable access_token`);
}

type Fields = Readonly<Record<string, unknown>>;

function formFields(text: string): Fields {
  return Object.fromEntries(new URLSearchParams(text));
}

function jsonFields(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
