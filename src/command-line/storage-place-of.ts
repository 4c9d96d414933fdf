import type { StoragePlace } from "../storage/storage-place.ts";
import type { CommandLine } from "./flags.ts";

/** Where the flags say that things are kept; a mistake is an `Error` whose message is for the person. */
export function storagePlaceOf(commandLine: CommandLine): StoragePlace {
  const directory = commandLine.text("storage.path");
  return directory === "" ? { kind: "memory" } : { kind: "file", directory };
}
