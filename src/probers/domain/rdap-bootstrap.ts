import { z } from "zod";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { httpGet } from "../../probe/http-get.ts";
import type { Line } from "./line.ts";

const bootstrap = z.object({
  services: z.array(z.tuple([z.array(z.string()), z.array(z.string())]).rest(z.unknown())),
});

/** IANA's file has some 200 kB; this leaves it room to grow. */
const LARGEST_FILE_BYTES = 4 * 1024 * 1024;

/** Base URLs by suffix. */
export type RdapTable = Readonly<Record<string, string>>;
export const rdapTable: z.ZodType<RdapTable> = z.record(z.string(), z.string());

/** Fetches a file of RDAP servers (RFC 9224 §4). */
export async function fetchBootstrap(url: string, line: Line): Promise<RdapTable> {
  const { status, body } = await httpGet(
    new URL(url),
    { accept: "application/json", mostBytes: LARGEST_FILE_BYTES },
    line,
  );
  if (status !== 200) {
    throw new ProbeFailure("registry/unavailable", { detail: `${url} answered with HTTP status ${status}` });
  }
  return readBootstrap(new TextDecoder().decode(body));
}

/** The table in such a file: for each suffix the first https server, or the first where none is. */
export function readBootstrap(text: string): RdapTable {
  const read = bootstrap.safeParse(parseJson(text));
  if (!read.success) {
    throw new ProbeFailure("registry/unreadable", {
      detail: "The file of RDAP servers is in no known form (RFC 9224)",
    });
  }
  return Object.fromEntries(
    read.data.services.flatMap(([suffixes, urls]) => {
      const url = urls.find((one) => one.startsWith("https://")) ?? urls[0];
      if (url === undefined || !URL.canParse(url)) return [];
      const base = url.endsWith("/") ? url : `${url}/`;
      return suffixes.map((suffix) => [suffix.toLowerCase(), base] as const);
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProbeFailure("registry/unreadable", { detail: "The file of RDAP servers is no JSON", cause: error });
  }
}
