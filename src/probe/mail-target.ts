import { ProbeFailure } from "../outcome/probe-failure.ts";
import { type HostAndPort, readHostAndPort } from "./host-and-port.ts";

/** Where a mail server is. */
export interface MailTarget extends HostAndPort {
  /** `implicit`: TLS from the first byte; `plain`: at first without, whatever STARTTLS makes of it. */
  readonly security: "plain" | "implicit";
}

/** The schemes of a protocol with their ports, e.g. `smtp` on 25 and `smtps` on 465. */
export interface MailSchemes {
  readonly plain: { readonly scheme: string; readonly port: number };
  readonly implicit: { readonly scheme: string; readonly port: number };
}

/**
 * A target such as `smtps://mail.example.com`, `smtp://192.0.2.1:587` or `mail.example.com:25`. Without a scheme it is
 * the plain one, except on the port that belongs to TLS from the first byte. Throws ProbeFailure
 * `request/parameter-missing`, which never shows what may be a password.
 */
export function readMailTarget(target: string, schemes: MailSchemes): MailTarget {
  const { scheme, authority } = split(target);
  const { plain, implicit } = schemes;
  if (scheme !== undefined && scheme !== plain.scheme && scheme !== implicit.scheme) {
    throw wrong(`Expected ${plain.scheme}:// or ${implicit.scheme}://, found ${JSON.stringify(scheme.slice(0, 100))}`);
  }
  if (authority.includes("@")) {
    throw wrong("Expected a target without a user name: the module's username and password are for that");
  }
  const rest = /[/?#].*$/su.exec(authority)?.[0];
  if (rest !== undefined) {
    const found = JSON.stringify(rest.slice(0, 100));
    throw wrong(`Expected the target to end after host and port, found ${found}: paths belong in the module`);
  }
  if (scheme === implicit.scheme) {
    return { ...readHostAndPort(authority, { defaultPort: implicit.port }), security: "implicit" };
  }
  const place = readHostAndPort(authority, { defaultPort: plain.port });
  return { ...place, security: scheme === undefined && place.port === implicit.port ? "implicit" : "plain" };
}

/** The slash after a URL's authority says nothing. */
function split(target: string): { readonly scheme: string | undefined; readonly authority: string } {
  const url = /^(?<scheme>[a-z][a-z\d+.-]*):\/\/(?<authority>.*)$/isu.exec(target)?.groups;
  if (url === undefined) return { scheme: undefined, authority: target };
  return { scheme: url["scheme"]?.toLowerCase(), authority: (url["authority"] ?? "").replace(/\/$/u, "") };
}

function wrong(detail: string): ProbeFailure {
  return new ProbeFailure("request/parameter-missing", { detail });
}
