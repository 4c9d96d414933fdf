import { conformance, LINE_DIALOGUE } from "./conformance.ts";

conformance("smtp", {
  ...LINE_DIALOGUE,
  others: [
    "a healthy server",
    "a server that hangs up at once",
    "a server that hangs up in the middle of a reply",
    "a server whose list of capabilities stops halfway",
    "a greeting without a last line",
    "a server that breaks the connection off before it is told something",
    "replies that somebody put in before the TLS handshake",
    "a wrong password",
    "a TLS server that hangs up in the handshake",
    "an expired certificate",
  ],
});
