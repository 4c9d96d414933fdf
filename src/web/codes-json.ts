import type { RequestHandler } from "express";
import { documentedCodes } from "../catalogue/documented-codes.ts";

/** `/codes.json`: every documented code of both catalogues with the outcomes that lead to it. */
export function serveCodesJson(): RequestHandler {
  const text = `${JSON.stringify({ codes: documentedCodes() })}\n`;
  return (_request, response) => {
    response.setHeader("Content-Type", "application/json; charset=utf-8");
    response.end(text);
  };
}
