import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { checkResponse } from "./content.ts";
import { Cookies } from "./cookies.ts";
import { type Journey, prepare } from "./journey.ts";
import { HttpMeasures } from "./measures.ts";
import type { ResponseHead } from "./message.ts";
import { isRedirect, isTrusted, redirectedMethod, redirectTarget } from "./redirect.ts";
import { type Hop, userinfoAuthorization } from "./request.ts";
import type { HttpSettings } from "./settings.ts";
import { type Response, visit } from "./visit.ts";

/** One request, the redirects that follow from it, and what the final response must be like. */
export async function probeHttp(target: string, settings: HttpSettings, context: ProbeContext): Promise<void> {
  const measures = new HttpMeasures(context, settings.checks);
  const journey = await prepare(target, { settings, context, measures });
  const { hop, response } = await follow(journey);
  judge(response, { hop, journey });
}

/** From the target to the final response, hop by hop. */
async function follow(journey: Journey): Promise<{ readonly hop: Hop; readonly response: Response }> {
  const { first, settings, measures, context } = journey;
  const cookies = new Cookies();
  const { method } = settings.request;
  let hop = hopTo(first, journey, { method, body: journey.body, cookies: "" });
  for (let redirects = 0; ; redirects += 1) {
    const response = await visit(hop, journey);
    const { head } = response;
    if (!isRedirect(head)) return { hop, response };
    measures.redirects(redirects + 1);
    if (!settings.client.followRedirects) return { hop, response };
    if (redirects >= settings.maxRedirects) throw tooManyRedirects(head, { hop, journey });
    const to = redirectTarget(head, hop.url);
    cookies.keep(head, hop.url);
    const next = redirectedMethod(head.status, hop.method);
    context.log("info", "Following redirect", { location: `${to.origin}${to.pathname}` });
    hop = hopTo(to, journey, {
      method: next.method,
      body: next.body === "kept" ? hop.body : undefined,
      cookies: cookies.header(to),
    });
  }
}

function hopTo(url: URL, journey: Journey, rest: Pick<Hop, "method" | "body" | "cookies">): Hop {
  return {
    ...rest,
    url,
    host: url.hostname === journey.first.hostname ? journey.host : undefined,
    trusted: isTrusted(url, journey),
    authorization: journey.authorization,
  };
}

function tooManyRedirects(
  head: ResponseHead,
  { hop, journey }: { readonly hop: Hop; readonly journey: Journey },
): ProbeFailure {
  journey.measures.response(head, hop.url.protocol === "https:" ? "tls" : "plain");
  const detail = `More than ${journey.settings.maxRedirects} redirects; the last one came from ${hop.url.host}`;
  return new ProbeFailure("redirect/too-many", { detail });
}

function judge({ head, body }: Response, { hop, journey }: { readonly hop: Hop; readonly journey: Journey }): void {
  const { settings, measures } = journey;
  const failed = checkResponse(
    {
      ...head,
      overTls: hop.url.protocol === "https:",
      body: body?.bytes() ?? Buffer.alloc(0),
      bodyProblem: body?.problem,
      credentials: credentialsOf(hop, journey),
    },
    settings.checks,
  );
  if (failed === undefined) return;
  if (failed.kind !== "other") measures.failedBy(failed.kind);
  if (head.status === 401) settings.tokens.drop();
  throw failed.failure;
}

function credentialsOf(hop: Hop, journey: Journey): "none" | "sent" | "withheld" {
  const { authorization, settings } = journey;
  if (userinfoAuthorization(hop.url) !== undefined) return "sent";
  const { sensitive, extra } = settings.request;
  const configured =
    authorization !== undefined || sensitive.length > 0 || extra.some(({ secrets }) => secrets.length > 0);
  if (!configured) return "none";
  return hop.trusted ? "sent" : "withheld";
}
