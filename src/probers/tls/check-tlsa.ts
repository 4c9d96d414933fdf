import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { askInTurn } from "../../network/ask-in-turn.ts";
import { type Certificate, readCertificate } from "../../network/certificate-read.ts";
import type { RecordAnswer } from "../../network/record-message.ts";
import type { SecureChannel } from "../../network/secure.ts";
import type { TlsProblem } from "../../network/verdict.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { fitsTlsa, readTlsaRecord } from "./tlsa.ts";

/**
 * Whether the server's certificates are those that its domain publishes (DANE, RFC 6698). Refuses them only where DNSSEC
 * vouches for the records: what cannot be asked, or may be forged, is measured or told and refuses nothing.
 */
export async function checkTlsa(
  channel: SecureChannel,
  { host, port }: { readonly host: string; readonly port: number },
  context: ProbeContext,
): Promise<TlsProblem | undefined> {
  const name = recordName(host, port);
  if (name === undefined) {
    context.log("warn", "TLSA records belong to a name, and the target has none", { host });
    return undefined;
  }
  const answer = await context.during("resolve", () => ask(name, context));
  if (answer === undefined) return undefined;
  const records = answer.records
    .slice(0, MOST_RECORDS)
    .map(readTlsaRecord)
    .filter((record) => record !== undefined);
  context.measure("probe_tls_tlsa_records", records.length);
  context.measure("probe_tls_tlsa_authenticated", answer.authenticated ? 1 : 0);
  if (records.length === 0) return undefined;
  const shown = { sent: channel.certificates.map(read), chain: (channel.verdict.chains[0] ?? []).map(read) };
  const fits = records.some((record) => fitsTlsa(record, shown));
  context.measure("probe_tls_tlsa_matched", fits ? 1 : 0);
  if (fits || !answer.authenticated) return undefined;
  return { outcome: "tls/certificate-invalid", detail: `The certificates fit none of the TLSA records of ${name}` };
}

/** Domains have two while they change their key; each is compared with the whole chain. */
const MOST_RECORDS = 50;

const TLSA = 52;

/** Undefined for an address, and for a name that is too long for DNS with what comes before it. */
function recordName(host: string, port: number): string | undefined {
  const ascii = domainToASCII(host).replace(/\.$/u, "");
  const name = `_${port}._tcp.${ascii}`;
  const isName = isIP(host) === 0 && ascii !== "" && name.split(".").every((label) => /^[!-~]{1,63}$/u.test(label));
  return isName && name.length <= 253 ? name : undefined;
}

/** Asks the servers in turn, within half of the time that is left; undefined where none answers. */
function ask(name: string, context: ProbeContext): Promise<RecordAnswer | undefined> {
  const { module, network, signal } = context;
  return askInTurn(
    { name, type: TLSA },
    {
      servers: module.resolver.length > 0 ? module.resolver : network.resolver.servers(),
      seconds: context.secondsLeft() / 2,
      signal,
      onFailure: (server, detail) => context.log("warn", "TLSA records cannot be asked for", { name, server, detail }),
    },
  );
}

function read({ raw }: { readonly raw: Buffer }): Certificate {
  return readCertificate(raw);
}
