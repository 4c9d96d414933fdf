import { readFileSync } from "node:fs";
import { type RedisAddress, readRedisUrl } from "../storage/redis-address.ts";
import type { StoragePlace } from "../storage/storage-place.ts";
import type { CommandLine } from "./flags.ts";

/**
 * Where the flags say that things are kept: `--storage.url` where it is given, for images and units name a path already.
 * A mistake is an `Error` whose message is for the person; it does not show the password.
 */
export function storagePlaceOf(commandLine: CommandLine): StoragePlace {
  const url = commandLine.text("storage.url");
  const passwordFile = commandLine.text("storage.password-file");
  if (url !== "") return { kind: "redis", address: redisAddress(url, passwordFile) };
  if (passwordFile !== "") throw new Error("Cannot use --storage.password-file: expected --storage.url beside it");
  const directory = commandLine.text("storage.path");
  return directory === "" ? { kind: "memory" } : { kind: "file", directory };
}

function redisAddress(url: string, passwordFile: string): RedisAddress {
  const address = about("--storage.url", () => readRedisUrl(url));
  if (passwordFile === "") return address;
  if (address.password !== undefined) {
    throw new Error("Cannot use --storage.password-file: --storage.url has a password already");
  }
  // Editors end a file with a line break, which is no part of a password.
  const password = about("--storage.password-file", () => readFileSync(passwordFile, "utf8").replace(/\r?\n$/u, ""));
  if (password === "") throw new Error("Cannot read --storage.password-file: the file is empty");
  return { ...address, password };
}

function about<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`Cannot read ${flag}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
