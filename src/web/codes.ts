import type { RequestHandler } from "express";
import { documentedCodes } from "../catalogue/documented-codes.ts";
import { codesPage } from "./pages/codes-page.ts";
import { sendPage } from "./pages/send-page.ts";

/** `/codes`: both catalogues for a person. */
export function serveCodes(version: string): RequestHandler {
  const body = codesPage(documentedCodes());
  return (_request, response) => sendPage(response, { status: 200, title: "Status codes", body, home: "./", version });
}
