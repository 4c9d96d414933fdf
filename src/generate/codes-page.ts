import { anchorOf } from "../catalogue/anchor-of.ts";
import { type DocumentedCode, documentedCodes } from "../catalogue/documented-codes.ts";
import type { Basis } from "../catalogue/rule.ts";
import { CATALOGUE_NAMES, CATALOGUES, type Catalogue } from "../catalogue/status-code.ts";
import { FAILURES } from "../outcome/outcome.ts";
import { markdownPage } from "./markdown.ts";
import { outcomeSection } from "./outcome-section.ts";

const BASIS_TEXTS = {
  documented: "the vendor's text names this situation",
  inferred: "the vendor's text does not name it, but follows from it",
  borrowed: "the vendor has no monitor of this protocol, so the list of a related one serves",
  ambiguous: "the vendor's text can be read in several ways, and this is our reading",
  elsewhere: "the code stands on another page of the vendor than its list of status codes",
} as const satisfies Record<Basis, string>;

const INTRODUCTIONS = {
  cloudmonitor:
    "The codes of site monitoring: seven for HTTP, fewer for the other protocols, and the HTTP statuses themselves. A passed check outside HTTP has the value 0, which no list documents but which the vendor's own metric shows for a healthy task. There is no code for domains, servers, or a monitor that is switched off: these give no series.",
  hitflow:
    "Four lists: what a check of a service found, what a server reported, the state of a certificate, the state of a domain. The list of services has one range of numbers for each kind of check.",
} as const satisfies Record<Catalogue, string>;

/** The reference of codes and outcomes, as a page in Markdown; alerts link to its anchors (see `anchorOf`). */
export function codesPage(): string {
  const codes = documentedCodes();
  return markdownPage([
    "# Status codes and outcomes",
    "Generated from `src/catalogue` by `npm run generate`; do not edit.",
    "Every probe ends in one outcome, such as `connect/refused`. For an outcome, each vendor's catalogue has a code. A code is known by its catalogue, its list and its number together: the same number means different things in different lists.",
    "Whether an outcome leads to a code is not always said by the vendor:",
    Object.entries(BASIS_TEXTS)
      .map(([basis, text]) => `- _${basis}_: ${text}.`)
      .join("\n"),
    "What follows:",
    contents(codes),
    ...CATALOGUES.flatMap((catalogue) => catalogueSection(catalogue, codes)),
    "## Outcomes",
    "What each means, what to look at first, and its codes for each protocol that can end in it.",
    ...(["success", ...FAILURES] as const).flatMap(outcomeSection),
  ]);
}

function contents(codes: readonly DocumentedCode[]): string {
  const lines = CATALOGUES.map((catalogue) => {
    const lists = listsOf(catalogue, codes).map(([list]) => `[${list}](#${catalogue}-${list})`);
    return `- ${CATALOGUE_NAMES[catalogue]}: ${lists.join(", ")}`;
  });
  return [...lines, "- [Outcomes](#outcomes)"].join("\n");
}

function catalogueSection(catalogue: Catalogue, codes: readonly DocumentedCode[]): readonly string[] {
  return [
    `## ${CATALOGUE_NAMES[catalogue]}`,
    INTRODUCTIONS[catalogue],
    ...listsOf(catalogue, codes).flatMap((listed) => listSection(catalogue, listed)),
  ];
}

/** A list of a catalogue with its codes, in the vendor's order. */
type ListedCodes = readonly [list: DocumentedCode["list"], codes: readonly DocumentedCode[]];

function listsOf(catalogue: Catalogue, codes: readonly DocumentedCode[]): readonly ListedCodes[] {
  const own = codes.filter((code) => code.catalogue === catalogue);
  return [...Map.groupBy(own, (code) => code.list)];
}

function listSection(catalogue: Catalogue, [list, codes]: ListedCodes): readonly string[] {
  return [
    `<a id="${catalogue}-${list}"></a>`,
    `### ${CATALOGUE_NAMES[catalogue]}, list ${list}`,
    ...codes.flatMap(codeSection),
  ];
}

function codeSection(code: DocumentedCode): readonly string[] {
  return [
    `<a id="${anchorOf(code)}"></a>`,
    `#### ${code.code}: ${code.message}`,
    code.meaning,
    [`- Row: ${code.row}${sourceNote(code)}`, ...leadLines(code)].join("\n"),
  ];
}

function sourceNote({ page, sourceText }: DocumentedCode): string {
  if (page !== "status list") return `, in the vendor's ${page}`;
  return sourceText === undefined ? "" : `, where the vendor's text is the untranslated key \`${sourceText}\``;
}

function leadLines({ leads, isHttpStatus }: DocumentedCode): readonly string[] {
  if (isHttpStatus) return ["- Reached when the response has this status and the status stands as the code"];
  return [...Map.groupBy(leads, ({ outcome }) => outcome)].map(([outcome, same]) => {
    const bases = [...Map.groupBy(same, ({ basis }) => basis)].map(
      ([basis, alike]) => `${alike.map(({ subject }) => subject).join(", ")} (${basis})`,
    );
    return `- [${outcome}](#${anchorOf(outcome)}): ${bases.join("; ")}`;
  });
}
