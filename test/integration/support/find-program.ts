import { spawnSync } from "node:child_process";

/** Where Debian puts the servers of an ordinary user's machine, though not on that user's PATH. */
const SEARCH_PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** The path of a program, or undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const { stdout } = spawnSync("/bin/sh", ["-c", 'command -v "$0"', name], {
    encoding: "utf8",
    env: { ...process.env, PATH: SEARCH_PATH },
  });
  return stdout.trim() || undefined;
}
