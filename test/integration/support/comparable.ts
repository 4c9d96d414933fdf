import type { Family, Sample } from "./parse-exposition.ts";

/**
 * Of each metric of `reference`: help, type, and for each of its samples the value here; of one whose value is each
 * exporter's own, whether there is one, and whether it is 0 where the other's is not.
 */
export function comparable(
  families: ReadonlyMap<string, Family>,
  { reference, own }: { readonly reference: ReadonlyMap<string, Family>; readonly own: ReadonlySet<string> },
): object {
  const entries = Array.from(reference, ([name, { samples }]) => {
    const family = families.get(name);
    if (family === undefined) return [name, "missing"];
    const shown = samples.map(({ labels, value: expected }) => {
      const value = valueOf(family, labels);
      return { labels, value: own.has(name) ? roughly(value, expected) : value };
    });
    return [name, { help: family.help, type: family.type, samples: shown }];
  });
  return Object.fromEntries(entries);
}

function roughly(value: number | undefined, expected: number): string {
  if (value === undefined) return "missing";
  return value === 0 && expected !== 0 ? "zero" : "known";
}

/** The value of the sample that has these labels; a newer version may give it more of them. */
function valueOf({ samples }: Family, labels: Sample["labels"]): number | undefined {
  return samples.find((sample) => Object.entries(labels).every(([name, value]) => sample.labels[name] === value))
    ?.value;
}
