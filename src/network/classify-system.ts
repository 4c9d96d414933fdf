import type { ErrorFacts, Recognised } from "./classify-fault.ts";

/** What an error of the operating system or of the DNS library means. */
export function recogniseSystem({ code, syscall, port }: ErrorFacts): Recognised | undefined {
  if (code === "") return undefined;
  if (syscall === "bind") return { fault: "no-socket", sentence: "The socket cannot have this source address" };
  // Only an address has a port: without one, the path of a Unix socket was connected to.
  const ofUnixSocket = syscall === "connect" && port === "" ? UNIX_BY_CODE.get(code) : undefined;
  return ofUnixSocket ?? BY_SYSCALL.get(`${syscall} ${code}`) ?? BY_CODE.get(code);
}

const UNSENT: Recognised = { fault: "unsent", sentence: "The connection broke while sending" };
const LOST: Recognised = { fault: "closed", sentence: "The network lost the connection" };
const UNDIALLABLE: Recognised = { fault: "unreachable", sentence: "The address cannot be connected to" };
const SERVER_FAILURE = "The DNS server could not answer";

/** A Unix socket is reached by permission and by a name in the file system; no network is involved. */
const UNIX_BY_CODE: ReadonlyMap<string, Recognised> = new Map<string, Recognised>([
  ["EACCES", { fault: "no-socket", sentence: "The exporter may not open this Unix socket" }],
  ["EPERM", { fault: "no-socket", sentence: "The exporter may not open this Unix socket" }],
  ["ECONNREFUSED", { fault: "refused", sentence: "Nobody listens on the Unix socket" }],
  ["EAGAIN", { fault: "refused", sentence: "The Unix socket's queue of connections is full" }],
  ["ENOENT", { fault: "refused", sentence: "There is no such Unix socket" }],
  ["ENOTDIR", { fault: "refused", sentence: "There is no such Unix socket" }],
  ["EPROTOTYPE", { fault: "refused", sentence: "The Unix socket is not one for streams" }],
]);

/** Where the same code means something else in one system call. */
const BY_SYSCALL: ReadonlyMap<string, Recognised> = new Map<string, Recognised>([
  ["connect EINVAL", UNDIALLABLE], // for one, a link-local address without its zone
  ["send EINVAL", UNDIALLABLE],
  ["connect ECONNRESET", { fault: "refused", sentence: "The other side reset the connection at once" }],
  ["write ECONNRESET", UNSENT],
  // On an open connection the loss of the route ends it; only datagrams are refused one by one.
  ["read EHOSTUNREACH", LOST],
  ["read ENETUNREACH", LOST],
  ["write EHOSTUNREACH", LOST],
  ["write ENETUNREACH", LOST],
]);

/** Names of errno(3), and those of c-ares, which `node:dns` passes on. */
const BY_CODE: ReadonlyMap<string, Recognised> = new Map<string, Recognised>([
  ["EMFILE", { fault: "no-socket", sentence: "This process has no file descriptor left" }],
  ["ENFILE", { fault: "no-socket", sentence: "This host has no file descriptor left" }],
  ["ENOBUFS", { fault: "no-socket", sentence: "This host has no network buffer left" }],
  ["ENOMEM", { fault: "no-socket", sentence: "This host has no memory left" }],
  ["EADDRNOTAVAIL", { fault: "no-socket", sentence: "This host has no address or port to connect from" }],
  ["EADDRINUSE", { fault: "no-socket", sentence: "This host has no free address or port to connect from" }],
  ["EAFNOSUPPORT", { fault: "no-socket", sentence: "This host does not support the address family" }],
  ["ECONNREFUSED", { fault: "refused", sentence: "Connection refused" }],
  ["ENETUNREACH", { fault: "unreachable", sentence: "There is no route to the network" }],
  ["ENETDOWN", { fault: "unreachable", sentence: "The network is down" }],
  ["EHOSTUNREACH", { fault: "unreachable", sentence: "There is no route to the host" }],
  ["EHOSTDOWN", { fault: "unreachable", sentence: "The host is down" }],
  ["EACCES", { fault: "not-permitted", sentence: "A firewall or this host does not permit the connection" }],
  ["EPERM", { fault: "not-permitted", sentence: "A firewall or this host does not permit the connection" }],
  ["ETIMEDOUT", { fault: "timed-out", sentence: "The other side did not answer in time" }],
  ["ECONNRESET", { fault: "closed", sentence: "The other side reset the connection" }],
  ["ECONNABORTED", { fault: "closed", sentence: "The connection was aborted" }],
  ["ENOTCONN", { fault: "closed", sentence: "The connection is gone" }],
  ["EPIPE", UNSENT],
  ["EMSGSIZE", { fault: "unsent", sentence: "The message is too large for a datagram" }],
  ["ENOTFOUND", { fault: "name-not-found", sentence: "There is no such name" }],
  ["EBADNAME", { fault: "name-not-found", sentence: "There can be no such name" }],
  ["EAI_NONAME", { fault: "name-not-found", sentence: "There is no such name" }],
  ["ENODATA", { fault: "no-address", sentence: "The name has no such address" }],
  ["EAI_NODATA", { fault: "no-address", sentence: "The name has no such address" }],
  ["EAI_AGAIN", { fault: "server-failure", sentence: SERVER_FAILURE }],
  ["EAI_FAIL", { fault: "server-failure", sentence: SERVER_FAILURE }],
  ["ESERVFAIL", { fault: "server-failure", sentence: SERVER_FAILURE }],
  ["EREFUSED", { fault: "server-failure", sentence: "The DNS server refused to answer" }],
  ["ENOTIMP", { fault: "server-failure", sentence: "The DNS server does not know the question" }],
  ["EFORMERR", { fault: "server-failure", sentence: "The DNS server could not read the question" }],
  ["EBADRESP", { fault: "server-failure", sentence: "The DNS server's answer is malformed" }],
  ["EBADQUERY", { fault: "server-failure", sentence: SERVER_FAILURE }],
  ["ETIMEOUT", { fault: "timed-out", sentence: "The DNS server did not answer" }],
  ["ECANCELLED", { fault: "aborted", sentence: "The look-up was cancelled" }],
]);
