import { anchorOf } from "../../catalogue/anchor-of.ts";
import type { DocumentedCode } from "../../catalogue/documented-codes.ts";
import { CATALOGUES, type Catalogue } from "../../catalogue/status-code.ts";
import { type Html, html } from "./html.ts";

const TITLES = {
  cloudmonitor: "Cloud Monitor",
  hitflow: "Hitflow",
} as const satisfies Record<Catalogue, string>;

/** Both catalogues below the page's title: each list a table, each code with the outcomes that lead to it. */
export function codesPage(codes: readonly DocumentedCode[]): Html {
  return html`<p>What each documented code means, and which outcomes of a probe lead to it. The same as data: <a href="codes.json">codes.json</a>. A number belongs to its list: in another list it may mean something else.</p>
<ul>${[...listsOf(codes)].map(([name, [first]]) => html`<li><a href="#${name}">${first === undefined ? name : `${TITLES[first.catalogue]}, ${first.list}`}</a></li>`)}</ul>
${CATALOGUES.map((catalogue) => catalogueSection(catalogue, codes))}`;
}

function catalogueSection(catalogue: Catalogue, codes: readonly DocumentedCode[]): Html {
  const lists = listsOf(codes.filter((code) => code.catalogue === catalogue));
  return html`<h2>${TITLES[catalogue]}</h2>
${[...lists].map(([name, rows]) => listSection(name, rows))}`;
}

/** The codes of each list, in the vendors' order, by the list's anchor. */
function listsOf(codes: readonly DocumentedCode[]): ReadonlyMap<string, readonly DocumentedCode[]> {
  return Map.groupBy(codes, ({ catalogue, list }) => `${catalogue}-${list}`);
}

function listSection(name: string, rows: readonly DocumentedCode[]): Html {
  return html`<h3 id="${name}">List <code>${rows[0]?.list ?? name}</code></h3>
<table>
<thead><tr><th>Code</th><th>Meaning</th><th>Outcomes</th><th>Source</th></tr></thead>
<tbody>
${rows.map(row)}</tbody>
</table>
`;
}

function row(code: DocumentedCode): Html {
  return html`<tr id="${anchorOf(code)}">
<td data-label="Code"><span class="code">${code.code}</span></td>
<td data-label="Meaning"><div>${code.message}</div><div class="soft">${code.meaning}</div></td>
<td data-label="Outcomes"><ul>${outcomes(code.leads)}</ul></td>
<td data-label="Source"><span class="soft">${code.row}</span></td>
</tr>
`;
}

/** Each outcome once, with the protocols whose probes end in it. */
function outcomes(leads: DocumentedCode["leads"]): readonly Html[] {
  const subjects = Map.groupBy(leads, ({ outcome }) => outcome);
  return [...subjects].map(
    ([outcome, ways]) =>
      html`<li><span class="code">${outcome}</span> <span class="soft">${ways.map(({ subject }) => subject).join(", ")}</span></li>`,
  );
}
