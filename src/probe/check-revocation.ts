import { type CertificateFinding, finding, PROBLEM_OUTCOMES, unknownFinding } from "../network/certificate-finding.ts";
import { nameOf } from "../network/certificate-name.ts";
import { type Certificate, readCertificate } from "../network/certificate-read.ts";
import { startDeadline } from "../network/deadline.ts";
import { revocationListUrls, revokedSince, unfitness } from "../network/revocation-list.ts";
import type { SecureChannel } from "../network/secure.ts";
import type { TlsVerdict } from "../network/verdict.ts";
import { certificateLabels } from "./certificate-labels.ts";
import { printable } from "./printable.ts";
import type { ProbeContext } from "./prober.ts";
import { RevocationLists } from "./revocation-lists.ts";

/**
 * A channel with what the issuers' lists of revoked certificates say of its chain, measured and judged. Only chains that
 * verified are looked up: others may name any URL. What cannot be had in half of the time that is left is for the next
 * probe.
 */
export async function withRevocation(channel: SecureChannel, context: ProbeContext): Promise<SecureChannel> {
  const words = await askLists(channel, context);
  for (const word of words) measure(word, context);
  const found = conclude(words);
  const verdict = withFinding(channel.verdict, found);
  const isRevoked = verdict.findings.some(({ problem, state }) => problem === "revoked" && state === "present");
  context.measure("probe_ssl_problem", isRevoked ? 1 : 0, { problem: "revoked" });
  return { ...channel, verdict };
}

async function askLists({ verdict }: SecureChannel, context: ProbeContext): Promise<readonly Word[]> {
  const chain = (verdict.chains[0] ?? []).map(({ raw }) => readCertificate(raw));
  const questions = chain.slice(0, -1).flatMap((certificate, position) => {
    const issuer = chain[position + 1];
    return issuer === undefined ? [] : [ask({ certificate, issuer, position }, context)];
  });
  const fetching = questions.flatMap((question) => question.fetching);
  if (fetching.length > 0) await waitFor(fetching, context);
  return questions.map((question) => read(question, context));
}

/** One certificate, and the lists that may have it. */
interface Question {
  readonly certificate: Certificate;
  readonly position: number;
  readonly lists: readonly { readonly url: string; readonly asked: ReturnType<RevocationLists["ask"]> }[];
  readonly fetching: readonly Promise<void>[];
}

/** Authorities name one place, seldom two. */
const MOST_LISTS = 3;

function ask(
  link: { readonly certificate: Certificate; readonly issuer: Certificate; readonly position: number },
  context: ProbeContext,
): Question {
  const { certificate, issuer, position } = link;
  const store = context.services.get(RevocationLists);
  const { module } = context;
  const lists = urlsOf(certificate, context)
    .filter((url) => URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol))
    .slice(0, MOST_LISTS)
    .map((url) => ({ url, asked: store.ask({ url, issuer, module }) }));
  const isMissing = lists.every(({ asked }) => (asked.state().list?.nextUpdate ?? 0) < store.now());
  return { certificate, position, lists, fetching: isMissing ? lists.map(({ asked }) => asked.settled) : [] };
}

function urlsOf(certificate: Certificate, context: ProbeContext): readonly string[] {
  try {
    return revocationListUrls(certificate);
  } catch (error) {
    context.log("warn", "Where lists of revoked certificates are cannot be read", { detail: String(error) });
    return [];
  }
}

async function waitFor(fetching: readonly Promise<void>[], context: ProbeContext): Promise<void> {
  using patience = startDeadline({ seconds: context.secondsLeft() / 2, signal: context.signal });
  const over = Promise.withResolvers<void>();
  patience.signal.addEventListener("abort", () => over.resolve(), { once: true });
  await Promise.race([Promise.all(fetching), over.promise]);
}

/** What the first list says that speaks for the certificate. */
interface Word {
  readonly certificate: Certificate;
  readonly position: number;
  /** Empty where the certificate names no list. */
  readonly url: string;
  readonly nextUpdate: number | undefined;
  readonly status: "good" | "revoked" | undefined;
  /** Unix seconds. */
  readonly since: number | undefined;
}

function read({ certificate, position, lists }: Question, context: ProbeContext): Word {
  const now = context.services.get(RevocationLists).now();
  const nothing = { certificate, position, status: undefined, since: undefined, nextUpdate: undefined };
  for (const { url, asked } of lists) {
    const { list, failure } = asked.state();
    const detail =
      list === undefined ? (failure ?? "it is still being fetched") : unfitness(list, { certificate, now });
    if (list !== undefined && detail === undefined) {
      const since = revokedSince(list, certificate);
      const status = since === undefined ? "good" : "revoked";
      return { certificate, position, url, nextUpdate: list.nextUpdate, status, since };
    }
    context.log("warn", "List of revoked certificates says nothing", { url: printable(url), detail: detail ?? "" });
  }
  return { ...nothing, url: lists[0]?.url ?? "" };
}

/** Labels and meaning are those of blackbox_exporter, but for what is not known, which is absent here rather than 0. */
function measure({ certificate, position, url, nextUpdate, status }: Word, context: ProbeContext): void {
  const labels = { ...certificateLabels(certificate.facts), chain_pos: String(position), crl_url: printable(url) };
  context.measure("probe_ssl_crl_available", status === undefined ? 0 : 1, labels);
  if (status !== undefined) context.measure("probe_ssl_crl_revoked", status === "revoked" ? 1 : 0, labels);
  if (nextUpdate !== undefined) context.measure("probe_ssl_crl_next_update_timestamp_seconds", nextUpdate, labels);
}

/** Good only where the server's own certificate was found good, and every other that has a list. */
function conclude(words: readonly Word[]): CertificateFinding {
  const reasons = words.flatMap(({ certificate, since }) =>
    since === undefined ? [] : [reasonOf(certificate, since)],
  );
  if (reasons.length > 0) return finding("revoked", reasons);
  const [leaf, ...others] = words;
  const isGood = leaf?.status === "good" && others.every(({ status, url }) => status === "good" || url === "");
  return isGood ? finding("revoked", []) : unknownFinding("revoked");
}

function reasonOf(certificate: Certificate, since: number): string {
  return `The certificate for ${nameOf(certificate)} was revoked on ${new Date(since * 1000).toISOString()}`;
}

/** A verdict with one more word on revocation: bad news counts whoever has them, good news where there are no bad. */
function withFinding(verdict: TlsVerdict, found: CertificateFinding): TlsVerdict {
  const findings = verdict.findings.map((known) => {
    if (known.problem !== "revoked" || known.state === "present") return known;
    return found.state === "unknown" ? known : found;
  });
  if (found.state !== "present") return { ...verdict, findings };
  const problem = { outcome: PROBLEM_OUTCOMES.revoked, detail: found.detail };
  return { ...verdict, findings, problems: [...verdict.problems, problem] };
}
