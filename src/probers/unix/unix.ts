import { connect } from "../../network/connect.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { converse } from "../../probe/converse.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import type { ConversationSettings } from "../../settings/conversation.ts";
import { unixSettings } from "./settings.ts";

/** A stream socket of this machine: the target is its path or, after an @, its abstract name; all else is as over TCP. */
export const unix = defineProber({ protocol: "unix", settings: unixSettings, probe: probeUnix });

async function probeUnix(target: string, conversation: ConversationSettings, context: ProbeContext): Promise<void> {
  const path = readPath(target);
  const host = serverName(conversation, context);
  using opened = new DisposableStack();
  const socket = await context.during("connect", () => connect({ path }, context));
  opened.defer(() => socket.destroy());
  await converse(socket, conversation, { host, context });
}

/** Names without a file start with a NUL (unix(7)), for which people and blackbox_exporter write an `@`. */
function readPath(target: string): string {
  if (target.startsWith("@")) return `\0${target.slice(1)}`;
  if (!/^[a-z][a-z0-9+.-]*:\/\//iu.test(target)) return target;
  const detail = "Expected the path of a Unix socket, such as /run/service.sock, found a URL";
  throw new ProbeFailure("request/parameter-missing", { detail });
}

/** A path is no name that a certificate could be for, so somebody has to say one. */
function serverName({ tls, steps, tlsSettings }: ConversationSettings, { hostname }: ProbeContext): string {
  const name = tlsSettings.serverName ?? hostname ?? "";
  const isSecure = tls || steps.some(({ startTls }) => startTls);
  if (name !== "" || !isSecure || tlsSettings.insecureSkipVerify) return name;
  throw new ProbeFailure("request/parameter-missing", {
    detail: "TLS over a Unix socket needs the server's name: set tls_config.server_name or hostname=",
  });
}
