import type { YamlValue } from "./yaml-value.ts";

/**
 * What the YAML library loaded, as plain data of bounded size: aliases are shared in memory but count every time they
 * are used, for whoever walks the document walks them every time. A key without a value is left out, so that it keeps
 * its default. Throws where the document is too large, too deep, recursive or holds what no setting can be.
 */
export function normaliseYaml(document: unknown, options: { readonly deepest: number }): YamlValue {
  return new Normaliser(options.deepest).read(document, { depth: 0, nulls: "keep" }).value;
}

interface Measured {
  readonly value: YamlValue;
  /** Roughly the bytes that the value takes when every alias is written out. */
  readonly size: number;
  readonly height: number;
}

interface Place {
  readonly depth: number;
  readonly nulls: "keep" | "drop";
}

/** Written out, a configuration of ten thousand modules takes a few mebibytes. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** What a scalar, a list or a mapping takes beside its text; an estimate, so that empty ones count too. */
const NODE_BYTES = 32;

/** Mappings whose keys are names that the user gave: here a missing value is not a default. */
const NAMED_BY_USER: ReadonlySet<string> = new Set(["modules", "headers"]);

class Normaliser {
  readonly #deepest: number;
  /** By object, once for each way to treat nulls; undefined while the object is being read. */
  readonly #known = { keep: new Map<object, Measured | undefined>(), drop: new Map<object, Measured | undefined>() };

  constructor(deepest: number) {
    this.#deepest = deepest;
  }

  read(node: unknown, place: Place): Measured {
    if (typeof node !== "object" || node === null || node instanceof Uint8Array) return scalar(node);
    const known = this.#known[place.nulls];
    const measured = known.get(node) ?? this.#readFirst(node, { place, known });
    if (place.depth + measured.height > this.#deepest) throw tooDeep(this.#deepest);
    if (measured.size > LARGEST_BYTES)
      throw new Error(`expected at most ${LARGEST_BYTES} bytes when aliases are expanded`);
    return measured;
  }

  #readFirst(
    node: object,
    { place, known }: { readonly place: Place; readonly known: Map<object, Measured | undefined> },
  ): Measured {
    if (known.has(node)) throw new Error("an alias refers to a value that contains it");
    if (place.depth >= this.#deepest) throw tooDeep(this.#deepest);
    known.set(node, undefined);
    const measured = Array.isArray(node) ? this.#list(node, place) : this.#mapping(node, place);
    known.set(node, measured);
    return measured;
  }

  #list(items: readonly unknown[], { depth }: Place): Measured {
    const read = items.map((item) => this.read(item, { depth: depth + 1, nulls: "drop" }));
    return { value: read.map((item) => item.value), ...sum(read) };
  }

  #mapping(node: object, { depth, nulls }: Place): Measured {
    const entries = Object.entries(node).filter(([, value]) => nulls === "keep" || value !== null);
    if (entries.some(([key]) => key === "__proto__")) throw new Error('the key "__proto__" is not supported');
    const values = entries.map(([key, value]) =>
      this.read(value, { depth: depth + 1, nulls: NAMED_BY_USER.has(key) ? "keep" : "drop" }),
    );
    const { size, height } = sum(values);
    return {
      value: Object.fromEntries(values.map(({ value }, index) => [entries[index]?.[0] ?? "", value])),
      size: entries.reduce((total, [key]) => total + key.length, size),
      height,
    };
  }
}

function scalar(node: unknown): Measured {
  if (node === null || node === undefined) return { value: null, size: NODE_BYTES, height: 0 };
  if (typeof node === "string") return { value: node, size: NODE_BYTES + node.length, height: 0 };
  if (typeof node === "number" || typeof node === "boolean") return { value: node, size: NODE_BYTES, height: 0 };
  if (node instanceof Uint8Array) return { value: node, size: NODE_BYTES + node.length, height: 0 };
  throw new Error(`expected text, numbers, lists and mappings, found a ${typeof node}`);
}

function sum(parts: readonly Measured[]): Pick<Measured, "size" | "height"> {
  return {
    size: parts.reduce((total, part) => total + part.size, NODE_BYTES),
    height: parts.reduce((highest, part) => Math.max(highest, part.height + 1), 0),
  };
}

function tooDeep(deepest: number): Error {
  return new Error(`expected at most ${deepest} levels of nesting`);
}
