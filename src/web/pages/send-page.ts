import { createHash } from "node:crypto";
import type { Response } from "express";
import { Html, html } from "./html.ts";
import { STYLESHEET } from "./stylesheet.ts";

export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
  /** From this page to the home page, with a slash at its end: the links of all pages start there. */
  readonly home: string;
  /** The exporter's version, for the foot. */
  readonly version: string;
}

/** Answers with a page: no scripts, no foreign resources, no frames, and only our own style. */
export function sendPage(response: Response, page: Page): void {
  response.statusCode = page.status;
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.setHeader("Content-Security-Policy", PAGE_POLICY);
  // Pages show targets and change with every probe.
  response.setHeader("Cache-Control", "no-store");
  response.end(layout(page).text);
}

const STYLE_HASH = createHash("sha256").update(STYLESHEET).digest("base64");

const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "img-src data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%230b5fad'/%3E%3Cpath d='M3 8h3l1.5-3.5 2 7L11 8h2' fill='none' stroke='%23fff' stroke-width='1.5'/%3E%3C/svg%3E";

function layout({ title, body, home, version }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Status Exporter</title>
<link rel="icon" href="${ICON}">
<style>${new Html(STYLESHEET)}</style>
</head>
<body>
<header>
<strong>Status Exporter</strong>
<nav><a href="${home}">Probes</a><a href="${home}codes">Codes</a><a href="${home}config">Configuration</a><a href="${home}metrics">Metrics</a></nav>
</header>
<main>
<h1>${title}</h1>
${body}
</main>
<footer>Version ${version}</footer>
</body>
</html>
`;
}
