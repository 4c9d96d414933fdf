import assert from "node:assert/strict";
import { test } from "node:test";
import { freeLabelsText } from "../../src/exposition/free-labels-text.ts";

test("writes a module's own labels by name, whatever their order", () => {
  assert.equal(freeLabelsText({ b: "2", a: "1" }), '{a="1",b="2"}');
  assert.equal(freeLabelsText({}), "");
});

test("leaves out names that the text cannot hold or that Prometheus keeps for itself", () => {
  assert.equal(freeLabelsText({ "a-b": "1", "1a": "1", "": "1", __name__: "1", _a: "1", "a\n": "1" }), '{_a="1"}');
});
