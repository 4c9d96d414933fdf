/** A table whose cells are Markdown already, its columns padded to one width as the formatter leaves them. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [head, ...rows].map(escapeCells);
  const widths = head.map((_title, column) => Math.max(3, ...escaped.map((cells) => (cells[column] ?? "").length)));
  const [titles = "", ...body] = escaped.map((cells) => tableLine(cells, widths));
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [titles, rule, ...body].join("\n");
}

/** Blocks with one empty line between them and a line end after the last: a whole page. */
export function markdownPage(blocks: readonly string[]): string {
  return `${blocks.join("\n\n")}\n`;
}

/** A bar would end the cell. */
function escapeCells(cells: readonly string[]): readonly string[] {
  return cells.map((cell) => cell.replaceAll("|", "\\|"));
}

function tableLine(cells: readonly string[], widths: readonly number[]): string {
  return `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
}
