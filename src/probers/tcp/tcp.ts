import { connect } from "../../network/connect.ts";
import { converse } from "../../probe/converse.ts";
import { readHostAndPort } from "../../probe/host-and-port.ts";
import { defineProber, type ProbeContext } from "../../probe/prober.ts";
import { reach } from "../../probe/reach.ts";
import { type TcpSettings, tcpSettings } from "./settings.ts";

/** TCP: a connection, TLS where the module says so, and a conversation of lines and bytes. */
export const tcp = defineProber({ protocol: "tcp", settings: tcpSettings, probe: probeTcp });

async function probeTcp(target: string, { family, conversation }: TcpSettings, context: ProbeContext): Promise<void> {
  const { host, port } = readHostAndPort(target);
  const { sourceAddress } = family;
  const { ip } = await reach(host, family, context);
  using opened = new DisposableStack();
  const socket = await context.during("connect", () => connect({ ip, port, sourceAddress }, context));
  opened.defer(() => socket.destroy());
  await converse(socket, conversation, { host: context.hostname ?? host, context });
}
