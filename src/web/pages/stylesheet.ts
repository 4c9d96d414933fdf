/** The one stylesheet of all pages: light or dark as the reader's system is, and tables become cards on a phone. */
export const STYLESHEET = `
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --line: #d5dae0; --ground: #fff; --raised: #f5f7f9;
  --link: #0b5fad; --good: #14733a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ec; --soft: #9aa4af; --line: #353c44; --ground: #14171a;
  --raised: #1d2126; --link: #7cb8f5; --good: #6ccf8e; --bad: #ff8f85; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 0 1rem 3rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem; padding: 1rem 0;
  border-bottom: 1px solid var(--line); }
header strong { font-size: 1.125rem; }
header nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
footer { margin-top: 3rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.5rem; margin: 1.5rem 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
p { max-width: 44rem; }
a { color: var(--link); }
code, .code { font-family: ui-monospace, monospace; font-size: .9375em; }
.long { overflow-wrap: anywhere; }
.soft { color: var(--soft); font-size: .875rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
label { display: grid; gap: .25rem; font-size: .875rem; color: var(--soft); min-width: 0; }
label.wide { flex: 1 1 20rem; }
input, select, button { font: inherit; font-size: 1rem; line-height: 1.5; color: var(--text); background: var(--ground); border: 1px solid var(--line);
  border-radius: .375rem; padding: .4375rem .625rem; max-width: 100%; width: 100%; }
input, select { height: 2.5rem; }
button { width: auto; background: var(--raised); cursor: pointer; }
button:first-of-type { background: var(--link); border-color: var(--link); color: var(--ground); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .875rem; }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td > div + div { margin-top: .125rem; }
td[data-label="Target"] { min-width: 14rem; }
td[data-label="Codes"] { min-width: 18rem; }
td ul { margin: 0; padding: 0; list-style: none; }
tr:target { background: var(--raised); }
@media (max-width: 48rem) {
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { padding: .625rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: .125rem 0; display: grid; grid-template-columns: 5.5rem 1fr; column-gap: .5rem; }
  td[data-label] { min-width: 0; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .875rem; }
  td > * { grid-column: 2; min-width: 0; }
}
`;
