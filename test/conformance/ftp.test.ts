import { conformance, LINE_DIALOGUE } from "./conformance.ts";

conformance("ftp", {
  ...LINE_DIALOGUE,
  others: [
    "a healthy server",
    "a server whose greeting of several lines never ends",
    "a reply of lines without end",
    "a server that hangs up in the middle of a reply",
    "a server that does not answer a command",
    "a server that asks for the password without end",
    "a server whose consent to TLS comes with more",
    "a file that does not exist",
    "a data connection that is refused",
    "a quota that is exceeded in the middle",
    "a transfer that the server breaks off",
    "a data connection that stalls",
    "a transfer that is never announced",
    "a transfer whose end is never told",
  ],
});
