import { dump } from "js-yaml";

/** A value as YAML: long lines stay whole, nothing is an alias, texts of several lines are blocks. */
export function yaml(value: unknown): string {
  return dump(value, { noRefs: true, lineWidth: -1 });
}

/** A comment of one or more lines. */
export function yamlComment(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "#\n" : `# ${line}\n`))
    .join("");
}
