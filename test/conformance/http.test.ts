import { conformance } from "./conformance.ts";

conformance("http", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that hangs up within the body",
  garbage: "an answer that is not HTTP",
  endlessAnswer: "a body without end",
  others: [
    "a TLS server that never answers the handshake",
    "a TLS server that hangs up in the handshake",
    "a certificate that signed itself",
    "a server that resets the connection while the request is sent",
    "a server that stops in the middle of a response",
    "a server that sends one byte a second",
    "a server that hangs up at once",
    "a server that resets the connection when it is asked",
    "a server that hangs up within the headers",
    "headers without end",
    "a gzip that is cut short",
    "a decompression bomb",
    "a redirect to itself",
    "a healthy site over TLS",
  ],
});
