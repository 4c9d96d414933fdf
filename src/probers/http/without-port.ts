/** The host of a Host header, without its port and without the brackets of an IPv6 address. */
export function withoutPort(host: string): string {
  const bracketed = /^\[(.*)\](?::\d+)?$/u.exec(host)?.[1];
  return bracketed ?? host.replace(/:\d+$/u, "");
}
