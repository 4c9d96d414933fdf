import { conformance, LINE_DIALOGUE } from "./conformance.ts";

conformance("imap", {
  ...LINE_DIALOGUE,
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
    "news without end",
    "literals without end",
    "a literal that is longer than what comes",
    "a server that ends the session in the middle",
  ],
});
