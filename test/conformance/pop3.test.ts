import { conformance } from "./conformance.ts";

conformance("pop3", {
  unknownName: "a name that does not exist",
  closedPort: "a port on which nothing listens",
  silentServer: "a server that accepts and stays silent",
  halfAnAnswer: "a server that stops in the middle of a line",
  garbage: "a server that speaks another protocol",
  endlessAnswer: "a line without end",
  others: [
    "a healthy server",
    "a server that never answers the goodbye",
    "a server that hangs up at once",
    "a server that hangs up in the middle of its capabilities",
    "a server that hangs up at the password",
    "a server that breaks the connection off before it is told something",
    "replies that somebody put in before the TLS handshake",
    "a wrong password",
    "a TLS server that hangs up in the handshake",
    "an expired certificate",
    "capabilities without end",
    "a server that falls silent at the login",
  ],
});
