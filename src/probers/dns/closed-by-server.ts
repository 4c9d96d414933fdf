/** A connection that ended before there was an answer, as the system would say it. */
export function closedByServer(): Error {
  return Object.assign(new Error("The server closed the connection without an answer"), { code: "ECONNRESET" });
}
