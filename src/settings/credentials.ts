import type { z } from "zod";
import { isOneLine } from "../network/line-dialogue.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { type Secret, secret } from "./secret.ts";
import { readSecret, type SecretSource, secretSource } from "./secret-source.ts";
import { text } from "./text.ts";

/** With what to log in. */
export interface Credentials {
  /** One line, never empty. */
  readonly username: string;
  readonly password: SecretSource;
}

/** The keys of a login; spread into the strict object of a protocol's settings. */
export const credentialsShape = {
  username: text.refine(isOneLine, "expected a user name without line ends and NUL").optional(),
  password: secret
    .refine((value) => isOneLine(value.reveal()), "expected a password without line ends and NUL")
    .optional(),
  password_file: text.optional(),
};

/** The login that these keys describe; undefined where they are absent or "". Half a login is an issue. */
export function readCredentials(
  raw: {
    readonly username?: string | undefined;
    readonly password?: Secret | undefined;
    readonly password_file?: string | undefined;
  },
  { context }: { readonly context: z.RefinementCtx },
): Credentials | undefined {
  const { username = "", password: inline, password_file: file = "" } = raw;
  const password = secretSource(inline, file);
  if (file !== "" && inline !== undefined && inline.reveal() !== "") {
    context.addIssue({ code: "custom", message: "at most one of password and password_file may be set" });
  }
  if (username !== "" && password === undefined) {
    context.addIssue({ code: "custom", message: "a username needs a password: set password or password_file" });
  }
  if (username === "" && password !== undefined) {
    context.addIssue({ code: "custom", message: "a password needs a username: set username" });
  }
  return username === "" || password === undefined ? undefined : { username, password };
}

/** The password itself; throws ProbeFailure `request/parameter-missing` where its file is unreadable, empty or no line. */
export async function readPassword({ password }: Credentials): Promise<string> {
  const value = await readSecret(password);
  if (value !== "" && isOneLine(value)) return value;
  const found = value === "" ? "an empty file" : "a line end or a NUL in it";
  throw new ProbeFailure("request/parameter-missing", { detail: `Expected a password of one line, found ${found}` });
}
