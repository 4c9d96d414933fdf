import type { Socket } from "node:net";
import { connect } from "../../network/connect.ts";
import { splitOutcome } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { getOver } from "../../probe/get-over.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { readBounded } from "../../probe/read-bounded.ts";
import { USER_AGENT } from "../../probe/version.ts";
import { readPassword } from "../../settings/credentials.ts";
import type { NodeExporterSource } from "../../settings/server-settings.ts";
import type { Figures } from "./figures.ts";
import { readNodeExporter } from "./node-exporter-figures.ts";

/** Asks a node_exporter for its server's figures. One that cannot be asked counts as a report that is missing. */
export async function askNodeExporter(source: NodeExporterSource, context: ProbeContext): Promise<Figures> {
  try {
    const figures = readNodeExporter(await fetchText(source, context));
    if (figures !== undefined) return figures;
    throw missing(`${source.url.host} answers with none of the metrics of a node_exporter`);
  } catch (error) {
    throw error instanceof ProbeFailure && isOfServer(error)
      ? missing(`${source.url.host}: ${error.detail}`, error)
      : error;
  }
}

/** What failed on the way to the server, each in its own phase; faults of ours stay what they are. */
function isOfServer({ outcome }: ProbeFailure): boolean {
  const { phase } = splitOutcome(outcome);
  return phase === "resolve" || phase === "connect" || phase === "tls";
}

function missing(detail: string, cause?: unknown): ProbeFailure {
  return new ProbeFailure("server/report-missing", { detail, cause });
}

/** A large server with hundreds of disks and devices has about a megabyte. */
const MOST_BYTES = 8 * 1024 * 1024;

async function fetchText(source: NodeExporterSource, context: ProbeContext): Promise<string> {
  using owned = new DisposableStack();
  const channel = await openChannel(source, { context, owned });
  const { url } = source;
  const response = await getOver(channel, { url, headers: await headersOf(source), signal: context.signal });
  if (response.statusCode !== 200) {
    throw missing(`${url.host} answered with HTTP status ${response.statusCode ?? 0}`);
  }
  const tooLarge = (): ProbeFailure => missing(`The answer of ${url.host} is larger than ${MOST_BYTES} bytes`);
  return (await readBounded(response, { mostBytes: MOST_BYTES, tooLarge })).toString("utf8");
}

async function openChannel(
  { url, family, tls }: NodeExporterSource,
  { context, owned }: { readonly context: ProbeContext; readonly owned: DisposableStack },
): Promise<Socket> {
  const { network, signal } = context;
  const host = url.hostname.replaceAll(/^\[|\]$/gu, "");
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  const wanted = { ...family, servers: context.module.resolver, signal, wanted: "first" } as const;
  const [address] = await network.resolver.resolve(host, wanted);
  if (address === undefined) throw missing(`${host} has no address`);
  const destination = { ip: address.ip, port, sourceAddress: family.sourceAddress };
  const socket = owned.adopt(await connect(destination, { signal }), (one) => one.destroy());
  if (!isSecure) return socket;
  const channel = await network.tls.secure(socket, { settings: tls, host, signal });
  owned.adopt(channel.socket, (one) => one.destroy());
  const [problem] = tls.insecureSkipVerify ? [] : channel.verdict.problems;
  if (problem === undefined) return channel.socket;
  throw new ProbeFailure(problem.outcome, { detail: problem.detail });
}

async function headersOf({ url, credentials }: NodeExporterSource): Promise<Readonly<Record<string, string>>> {
  const headers = { host: url.host, accept: "text/plain;version=0.0.4", "user-agent": USER_AGENT, connection: "close" };
  if (credentials === undefined) return headers;
  const login = `${credentials.username}:${await readPassword(credentials)}`;
  return { ...headers, authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}
