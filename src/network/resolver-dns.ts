import { Resolver as Channel } from "node:dns/promises";
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import type { Failure } from "../outcome/outcome.ts";
import { ProbeFailure } from "../outcome/probe-failure.ts";
import { classify } from "./classify.ts";
import { namesToAsk, type ResolverSettings } from "./resolv-conf.ts";
import type { Address, ResolveOptions } from "./resolve.ts";

/** What to ask DNS for, and how. */
interface Question extends Pick<ResolveOptions, "preferred" | "fallback" | "signal" | "wanted"> {
  readonly settings: ResolverSettings;
}

/** The addresses that DNS has for a name, completed by the search list; never none. Throws `ProbeFailure`. */
export async function askDns(name: string, question: Question): Promise<readonly Address[]> {
  const refusals: Refusal[] = [];
  for (const candidate of namesToAsk(name, question.settings)) {
    const answer = await askName(candidate, question);
    if ("addresses" in answer) return answer.addresses;
    refusals.push(answer);
    // A server that is silent now will be silent for the next name too.
    if (answer.outcome === "resolve/timeout") break;
  }
  const refusal = decisive(refusals, { name });
  if (refusal.codes.includes(UNREACHED)) requireDescriptor();
  throw new ProbeFailure(refusal.outcome, { detail: explain(refusal, { name, question, refusals }) });
}

/** The library's code for a server that could not be reached, and for a socket that could not even be made. */
const UNREACHED = "ECONNREFUSED";

/** Throws the system's error where this process has no file descriptor left: then DNS was not asked at all. */
function requireDescriptor(): void {
  closeSync(openSync(devNull, "r"));
}

/** Why one name had no address. */
interface Refusal {
  readonly outcome: Failure;
  readonly name: string;
  /** The DNS library's codes, such as ENOTFOUND. */
  readonly codes: string;
}

/** Asks for one complete name, for all families that will do at once. */
async function askName(
  name: string,
  question: Question,
): Promise<Refusal | { readonly addresses: readonly Address[] }> {
  const { preferred, fallback, signal } = question;
  if (signal.aborted) return { outcome: "resolve/timeout", name, codes: "ECANCELLED" };
  const families = fallback ? [preferred, OTHER[preferred]] : [preferred];
  const results = await withChannel(question, async (channel) => {
    const answers = families.map((family) => addressesOf(name, { family, channel }));
    const all = Promise.allSettled(answers);
    const [first] = await Promise.allSettled(answers.slice(0, 1));
    if (question.wanted !== "first" || first?.status !== "fulfilled" || first.value.length === 0) return all;
    channel.cancel();
    return [first];
  });
  const addresses = results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  if (addresses.length > 0) return { addresses };
  const errors = results.flatMap((result): readonly unknown[] => (result.status === "rejected" ? [result.reason] : []));
  const outcomes = errors.map((error) => classify("resolve", error).outcome);
  return {
    outcome: GRAVITY.find((outcome) => outcomes.includes(outcome)) ?? outcomes[0] ?? "resolve/no-address",
    name,
    codes: [...new Set(errors.map(codeOf))].join(", "),
  };
}

const OTHER = { 4: 6, 6: 4 } as const;

/**
 * Of two families' failures the one that counts: that a name does not exist holds for both, that it has no address of
 * one family says nothing while the other's answer is missing.
 */
const GRAVITY: readonly Failure[] = [
  "resolve/name-not-found",
  "resolve/timeout",
  "resolve/server-failure",
  "resolve/no-address",
];

/**
 * One channel for one name: `cancel()` ends everything that runs on a channel, and a channel that has seen quick
 * answers shortens its waiting times far below the configured ones, which would turn one slow answer into a failure.
 * Making one takes some 50 microseconds.
 */
async function withChannel<T>({ settings, signal }: Question, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = new Channel({ timeout: settings.timeoutSeconds * 1000, tries: settings.attempts });
  // `setServers` drops zones, without which a link-local server cannot be reached; the library's own reading of
  // resolv.conf keeps them.
  if (!settings.servers.some((server) => server.includes("%"))) channel.setServers(settings.servers);
  const cancel = (): void => channel.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await work(channel);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

async function addressesOf(
  name: string,
  { family, channel }: { readonly family: 4 | 6; readonly channel: Channel },
): Promise<readonly Address[]> {
  const found = family === 4 ? await channel.resolve4(name) : await channel.resolve6(name);
  return found.map((ip) => ({ ip, family }));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/**
 * The refusal that is reported, chosen as libc chooses: silence ends the search; that a name exists without a usable
 * address outweighs that another does not exist; then the name as it was written, if it was asked for first.
 */
function decisive(refusals: readonly Refusal[], { name }: { readonly name: string }): Refusal {
  const of = (outcome: Failure): Refusal | undefined => refusals.find((refusal) => refusal.outcome === outcome);
  const asWritten = refusals[0]?.name === name ? refusals[0] : undefined;
  const chosen =
    of("resolve/timeout") ?? of("resolve/no-address") ?? asWritten ?? of("resolve/server-failure") ?? refusals.at(-1);
  return chosen ?? { outcome: "resolve/name-not-found", name, codes: "nothing to ask for" };
}

function explain(
  refusal: Refusal,
  asked: { readonly name: string; readonly question: Question; readonly refusals: readonly Refusal[] },
): string {
  const { preferred, fallback, signal, settings } = asked.question;
  const family = fallback ? "IPv4 or IPv6" : `IPv${preferred}`;
  const what = signal.aborted ? "No answer in time about" : (SENTENCES[refusal.outcome] ?? "Cannot look up");
  const also = asked.refusals.map(({ name }) => name).filter((name) => name !== refusal.name);
  const others = also.length === 0 ? "" : `; also asked for ${also.join(", ")}`;
  return `${what.replace("FAMILY", family)} ${refusal.name} (${refusal.codes} from ${settings.servers.join(", ")}${others})`;
}

const SENTENCES: Partial<Record<Failure, string>> = {
  "resolve/name-not-found": "There is no name",
  "resolve/no-address": "There is no FAMILY address of",
  "resolve/server-failure": "The DNS server could not answer about",
  "resolve/timeout": "The DNS server did not answer about",
};
