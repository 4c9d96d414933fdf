import { conformance, LINE_DIALOGUE } from "./conformance.ts";

conformance("pop3", {
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
    "capabilities without end",
    "a server that falls silent at the login",
  ],
});
