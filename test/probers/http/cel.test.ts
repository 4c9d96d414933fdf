import assert from "node:assert/strict";
import { test } from "node:test";
import { CelSyntaxError, compileCel } from "../../../src/probers/http/cel.ts";

test("reads JSON numbers as doubles that equal whole numbers", () => {
  assert.equal(compileCel("body.n == 5").evaluate({ n: 5 }), true);
  assert.equal(compileCel("body.n == 5").evaluate({ n: 5.5 }), false);
  assert.equal(compileCel("body.n > 4 && body.n in [5, 6]").evaluate({ n: 5 }), true);
});

test("knows the functions and macros of the standard environment", () => {
  const body = { list: [{ name: "a" }, { name: "b" }], text: "hello", nothing: null };
  for (const expression of [
    "body.list.exists(item, item.name == 'b')",
    "body.list.all(item, size(item.name) == 1)",
    "has(body.text) && !has(body.absent)",
    "body.text.startsWith('he') && body.text.contains('ell') && body.text.matches('^h.*o$')",
    "body.nothing == null",
    "type(body.text) == string",
    "'text' in body",
    "body['text'] == 'hello' ? true : false",
  ]) {
    assert.equal(compileCel(expression).evaluate(body), true, expression);
  }
});

test("matches in the RE2 dialect", () => {
  assert.equal(compileCel("body.text.matches('(?i)\\\\AHELLO\\\\z')").evaluate({ text: "hello" }), true);
  const lookahead = compileCel("body.text.matches('(?=x)')").evaluate({ text: "hello" });
  assert.ok(typeof lookahead === "object");
});

test("says why an expression has no verdict", () => {
  const missing = compileCel("body.absent == 1").evaluate({});
  assert.ok(typeof missing === "object" && missing.problem.includes("absent"));
  const number = compileCel("body.n").evaluate({ n: 1 });
  assert.ok(typeof number === "object" && number.problem.includes("neither true nor false"));
});

test("refuses what does not parse and names that do not exist", () => {
  for (const source of ["", "body.", "body.a == ", "missing == 1", "unknown(body)", "body.a && oops(1)"]) {
    assert.throws(() => compileCel(source), CelSyntaxError, source);
  }
});
