import type { NameConstraints, NameSubtrees } from "./certificate-extensions.ts";
import type { Certificate } from "./certificate-read.ts";

/**
 * How the names of `below` break the constraints that a certificate above puts on it (RFC 5280 §4.2.1.10), if they do.
 * Forms of names that are not understood here break a critical constraint on that form.
 */
export function brokenNameConstraint(constraints: NameConstraints, below: Certificate): string | undefined {
  const names = below.extensions.alternativeNames;
  const comparisons =
    names.dnsNames.length * (constraints.permitted.dnsNames.length + constraints.excluded.dnsNames.length) +
    names.addresses.length * (constraints.permitted.networks.length + constraints.excluded.networks.length);
  if (comparisons > MOST_COMPARISONS) return "has too many names to check them all";
  return (
    names.dnsNames
      .map((name) => brokenByName(constraints, name.toLowerCase()))
      .find((reason) => reason !== undefined) ??
    names.addresses.map((address) => brokenByAddress(constraints, address)).find((reason) => reason !== undefined) ??
    brokenByOtherForm(constraints, below)
  );
}

/** A peer may send thousands of names and thousands of constraints; real certificates need a few hundred comparisons. */
const MOST_COMPARISONS = 100_000;

function brokenByName(constraints: NameConstraints, name: string): string | undefined {
  const { permitted, excluded } = constraints;
  const forbidden = excluded.dnsNames.find((base) => isWithin(name, base) || wildcardReaches(name, base));
  if (forbidden !== undefined) return `is for ${clip(name)}, which lies in the excluded ${clip(forbidden)}`;
  if (permitted.dnsNames.length === 0 || permitted.dnsNames.some((base) => isWithin(name, base))) return undefined;
  return `is for ${clip(name)}, which lies in no permitted domain`;
}

/** A base holds itself and everything below it; with a leading dot, as some write it, only what is below. */
function isWithin(name: string, base: string): boolean {
  const lower = base.toLowerCase();
  return lower === "" || name === lower || name.endsWith(lower.startsWith(".") ? lower : `.${lower}`);
}

/** Whether a wildcard could stand for a name in the base although it does not itself lie there. */
function wildcardReaches(name: string, base: string): boolean {
  return name.startsWith("*.") && base.toLowerCase().replace(/^[^.]+/, "*") === name;
}

function brokenByAddress(constraints: NameConstraints, address: Buffer): string | undefined {
  const { permitted, excluded } = constraints;
  if (excluded.networks.some((network) => isInNetwork(address, network))) return "is for an excluded address";
  if (permitted.networks.length === 0 || permitted.networks.some((network) => isInNetwork(address, network))) {
    return undefined;
  }
  return "is for an address that lies in no permitted network";
}

function isInNetwork(address: Buffer, network: NameSubtrees["networks"][number]): boolean {
  if (address.length !== network.address.length) return false;
  return address.every((byte, index) => {
    const mask = network.mask[index] ?? 0;
    return (byte & mask) === ((network.address[index] ?? 0) & mask);
  });
}

/** The tag of a directory name, and the subject of who has none: an empty sequence. */
const DIRECTORY_NAME = 0xa4;
const EMPTY_NAME = "3000";

function brokenByOtherForm(constraints: NameConstraints, below: Certificate): string | undefined {
  if (!constraints.critical) return undefined;
  const forms = new Set([...constraints.permitted.otherForms, ...constraints.excluded.otherForms]);
  const has = (form: number) =>
    below.extensions.alternativeNames.otherForms.has(form) || (form === DIRECTORY_NAME && below.subject !== EMPTY_NAME);
  return [...forms].some((form) => has(form))
    ? "has names under a kind of constraint that is not supported"
    : undefined;
}

function clip(name: string): string {
  return name.length > 100 ? `${name.slice(0, 99)}…` : name;
}
