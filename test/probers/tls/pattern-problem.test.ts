import assert from "node:assert/strict";
import { test } from "node:test";
import { patternProblem } from "../../../src/probers/tls/pattern-problem.ts";

for (const pattern of [
  "/etc/ssl/site.pem",
  "/etc/letsencrypt/live/*/cert.pem",
  "/etc/ssl/**/*.{pem,crt}",
  "/etc/{ssl,tls}/site-[0-9]?.{pem,crt,cer}",
  "/var/run/secrets/..data/tls.crt",
]) {
  test(`lets ${pattern} be looked for`, () => assert.equal(patternProblem(pattern), undefined));
}

for (const [pattern, problem] of [
  ["/etc/{1..300000}", /range/],
  ["/etc/{a,{1..9}}", /range/],
  [`/etc/${"{a,b}".repeat(3)}`, /pairs of braces/],
  [`/etc/{${"a,".repeat(21)}}`, /commas/],
  ["/etc/+(+(+(a*)*)*)Z", /round brackets/],
  ["/etc/a*b*c*d*", /stars in one name/],
  ["/etc/**/a/**/b/**/c", /times \*\*/],
  [`/etc/${"a".repeat(1100)}`, /characters/],
] as const) {
  test(`does not look for ${pattern.slice(0, 40)}`, () => assert.match(patternProblem(pattern) ?? "", problem));
}
