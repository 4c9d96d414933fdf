/** What to listen on: an address, or a socket that somebody else opened. */
export type ListenPlace = { readonly host?: string; readonly port: number } | { readonly fd: number };

/** The first descriptor that systemd passes (sd_listen_fds(3)). */
const FIRST_PASSED_DESCRIPTOR = 3;

/** `[host]:port` as what to listen on; without a host on every address. An `Error` for the person who wrote it. */
export function readListenAddress(text: string): ListenPlace {
  const match = /^(?:\[(?<literal>[0-9a-f:.%a-z]+)\]|(?<host>[^[\]:]*)):(?<port>\d{1,5})$/i.exec(text);
  const port = Number(match?.groups?.["port"] ?? Number.NaN);
  if (match === null || port > 65_535) {
    throw new Error(
      `Cannot read --web.listen-address: expected [host]:port such as ":9115", found ${JSON.stringify(text)}`,
    );
  }
  const host = match.groups?.["literal"] ?? match.groups?.["host"] ?? "";
  return host === "" ? { port } : { host, port };
}

/** The sockets that systemd passes to this process (`LISTEN_FDS`); an `Error` where there are none. */
export function readSystemdSockets(environment: NodeJS.ProcessEnv, pid: number): readonly ListenPlace[] {
  const count = Number(environment["LISTEN_FDS"] ?? 0);
  if (environment["LISTEN_PID"] !== String(pid) || !Number.isInteger(count) || count < 1) {
    throw new Error("Cannot use --web.systemd-socket: expected sockets passed by systemd, found none");
  }
  return Array.from({ length: count }, (_, index) => ({ fd: FIRST_PASSED_DESCRIPTOR + index }));
}
