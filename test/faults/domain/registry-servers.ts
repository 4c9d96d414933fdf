import type { Settings } from "../fault.ts";
import { respond } from "../servers/answers.ts";
import type { FaultServer, Place } from "../servers/fault-server.ts";
import { type Answer, startHttpServer } from "../servers/http-server.ts";
import { startStreamServer } from "../servers/stream-server.ts";

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** A domain that is sound in every respect, a hundred days before its expiry. */
export const SOUND_STATUSES = ["client transfer prohibited", "client delete prohibited"];

/** The RDAP object of a domain (RFC 9083 §5.3), as short as it may be. */
export function rdapObject(name: string, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    objectClassName: "domain",
    ldhName: name,
    status: SOUND_STATUSES,
    events: [
      { eventAction: "registration", eventDate: "2001-02-03T04:05:06Z" },
      { eventAction: "expiration", eventDate: daysAhead(100) },
      { eventAction: "last changed", eventDate: "2025-01-02T00:00:00Z" },
    ],
    nameservers: [{ ldhName: "NS2.EXAMPLE.NET" }, { ldhName: "ns1.example.net." }],
    secureDNS: { delegationSigned: true },
    entities: [
      {
        roles: ["registrar"],
        publicIds: [{ type: "IANA Registrar ID", identifier: "9999" }],
        vcardArray: [
          "vcard",
          [
            ["version", {}, "text", "4.0"],
            ["fn", {}, "text", "A Registrar"],
          ],
        ],
      },
    ],
    ...changes,
  });
}

/** RFC 3339, so many days from now; negative for days that have passed. */
export function daysAhead(days: number): string {
  return new Date(Date.now() + days * DAY_MILLISECONDS).toISOString();
}

/** An RDAP server that answers with such an object. */
export function rdapServer(body: string): Promise<FaultServer> {
  return rdapAnswers((socket) => respond(socket, { headers: { "Content-Type": "application/rdap+json" }, body }));
}

export function rdapAnswers(answer: Answer): Promise<FaultServer> {
  return startHttpServer(answer);
}

/** A WHOIS server that answers every question with the text and hangs up. */
export function whoisServer(text: string | Uint8Array): Promise<FaultServer> {
  return startStreamServer((socket) => {
    socket.once("data", () => socket.end(text));
    // The peer may hang up first.
    socket.on("error", () => socket.destroy());
  });
}

/** Settings by which the domains of a suffix are looked up at this server, and nowhere else. */
export function rdapSettings({ host, port }: Place, suffix = "com"): Settings {
  return { ...NOWHERE_ELSE, sources: ["rdap"], rdap_servers: { [suffix]: `http://${host}:${port}/` } };
}

export function whoisSettings({ host, port }: Place, suffix = "com"): Settings {
  return { ...NOWHERE_ELSE, sources: ["whois"], whois_servers: { [suffix]: `${host}:${port}` } };
}

/** No test asks IANA, and none waits for its turn. */
export const NOWHERE_ELSE = { rdap_bootstrap: "", whois_discovery: "", query_interval: "0s" } as const;
