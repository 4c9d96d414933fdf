import { readFileSync, statSync } from "node:fs";

/** How to follow one of the host's files. */
export interface FollowOptions<Content> {
  readonly path: string;
  readonly parse: (text: string) => Content;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/**
 * Yields what a file of this host holds, parsed, and anew after it changed; a file that does not exist is empty.
 * The file is looked at no more than every 5 s: an edit may wait that long, a thousand probes a second may not.
 * Reading is synchronous: these files are small and local, and a probe that finds them unchanged must not wait.
 */
export function followFile<Content>({ path, parse, now }: FollowOptions<Content>): () => Content {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let seen: string | undefined;
  let content = parse("");
  return () => {
    const time = now();
    if (time - lookedAt < LOOK_EVERY_MILLISECONDS) return content;
    const found = fingerprint(path);
    if (found !== seen) {
      content = parse(found === MISSING ? "" : readFileSync(path, "utf8"));
      seen = found;
    }
    lookedAt = time;
    return content;
  };
}

const LOOK_EVERY_MILLISECONDS = 5000;
const MISSING = "missing";

/** Time and size tell an edit; the inode tells a file that was replaced by one just as old, as containers do it. */
function fingerprint(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? MISSING : `${stats.mtimeMs}/${stats.size}/${stats.ino}`;
}
