import type { Request } from "express";

/** A parameter of the query, decoded once; the first value where it is repeated, empty where it is missing. */
export function queryParameter(request: Request, name: string): string {
  // Express gives text, or a list of texts where a name is repeated; its declared type allows nested objects besides.
  const value: unknown = request.query[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : "";
}
