import type { Certificate } from "./certificate-read.ts";

/** What a person calls a certificate: its subject, or its first name where the subject is empty; never long. */
export function nameOf({ facts }: Certificate): string {
  return shorten(
    facts.subject || facts.dnsNames[0] || facts.addresses[0] || `the one with serial number ${facts.serialNumber}`,
  );
}

/** Details are read by people: a name of more than a hundred characters, which only a peer that is odd has, is cut. */
export function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 99).toWellFormed()}…` : name;
}
