import type { Request } from "express";

/** A parameter of the query, decoded once; the first value where it is repeated, empty where it is missing. */
export type QueryParameters = (name: string) => string;

/** Reads the query of a request, once: Express would read it again for each parameter. */
export function queryParameters({ query }: Request): QueryParameters {
  return (name) => {
    // Express gives text, or a list of texts where a name is repeated; its declared type allows nested objects besides.
    const value: unknown = query[name];
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === "string" ? first : "";
  };
}
