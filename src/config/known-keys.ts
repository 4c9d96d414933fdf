import { z } from "zod";

/** The keys that a schema knows at this path of its input; none where the path leads out of strict objects. */
export function knownKeys(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  const [key, ...rest] = path;
  if (key === undefined)
    return layersOf(schema).flatMap((layer) => (layer instanceof z.ZodObject ? Object.keys(layer.shape) : []));
  return layersOf(schema).flatMap((layer) => stepsInto(layer, key).flatMap((inner) => knownKeys(inner, rest)));
}

/** The schema without what is wrapped around it: what it converts from, what it makes optional, its alternatives. */
function layersOf(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodPipe) return [...layersOf(schema.in), ...layersOf(schema.out)];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return layersOf(schema.unwrap());
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return layersOf(schema.unwrap());
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodLazy) return layersOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(layersOf);
  return [schema];
}

function stepsInto(schema: unknown, key: PropertyKey): readonly unknown[] {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? [schema.shape[String(key)]] : [];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return schema instanceof z.ZodArray ? [schema.element] : [];
}
