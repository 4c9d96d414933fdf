import { z } from "zod";
import { secret } from "./secret.ts";
import { text } from "./text.ts";
import { tlsConfig } from "./tls-config.ts";
import { tlsShape } from "./tls-shape.ts";
import { yamlBoolean } from "./yaml-boolean.ts";

const proxyShape = {
  proxy_url: text.optional(),
  no_proxy: text.optional(),
  proxy_from_environment: yamlBoolean.optional(),
  proxy_connect_header: z.record(z.string(), z.array(secret)).nullish(),
};

const oauth2 = z.strictObject({
  client_id: text.optional(),
  client_secret: secret.optional(),
  client_secret_file: text.optional(),
  client_secret_ref: text.optional(),
  client_certificate_key_id: text.optional(),
  client_certificate_key: secret.optional(),
  client_certificate_key_file: text.optional(),
  client_certificate_key_ref: text.optional(),
  grant_type: text.optional(),
  signature_algorithm: text.optional(),
  iss: text.optional(),
  audience: text.optional(),
  claims: z.record(z.string(), z.unknown()).nullish(),
  scopes: z.array(text).nullish(),
  token_url: text.optional(),
  endpoint_params: z.record(z.string(), text).nullish(),
  tls_config: tlsConfig.nullish(),
  ...proxyShape,
});

/** The keys of a client; spread into the strict object of a protocol's settings, then read by `readHttpClient`. */
export const httpClientShape = {
  basic_auth: z
    .strictObject({
      username: text.optional(),
      username_file: text.optional(),
      username_ref: text.optional(),
      password: secret.optional(),
      password_file: text.optional(),
      password_ref: text.optional(),
    })
    .nullish(),
  authorization: z
    .strictObject({
      type: text.optional(),
      credentials: secret.optional(),
      credentials_file: text.optional(),
      credentials_ref: text.optional(),
    })
    .nullish(),
  oauth2: oauth2.nullish(),
  cache_oauth2_token: yamlBoolean.optional(),
  bearer_token: secret.optional(),
  bearer_token_file: text.optional(),
  ...tlsShape,
  follow_redirects: yamlBoolean.optional(),
  enable_http2: yamlBoolean.optional(),
  http_headers: z
    .record(
      z.string(),
      z.strictObject({
        values: z.array(text).nullish(),
        secrets: z.array(secret).nullish(),
        files: z.array(text).nullish(),
      }),
    )
    .nullish(),
  ...proxyShape,
};

const httpClient = z.strictObject(httpClientShape);

/** The keys of a client, each decoded, as they stand in the file. */
export type RawHttpClient = z.output<typeof httpClient>;
/** The keys of its `oauth2` block. */
export type RawOAuth2 = z.output<typeof oauth2>;
/** The keys that choose a proxy, which both have. */
export type RawProxy = Pick<RawHttpClient, keyof typeof proxyShape>;
