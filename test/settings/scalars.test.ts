import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import { byteSize } from "../../src/settings/byte-size.ts";
import { bytes } from "../../src/settings/bytes.ts";
import { duration } from "../../src/settings/duration.ts";
import { decimal, integer } from "../../src/settings/numbers.ts";
import { secret } from "../../src/settings/secret.ts";
import { text } from "../../src/settings/text.ts";
import { yamlBoolean } from "../../src/settings/yaml-boolean.ts";

void test("reads Go's durations as seconds", () => {
  const cases = {
    "5s": 5,
    "1h30m": 5400,
    "1.5s": 1.5,
    "250ms": 0.25,
    "10us": 1e-5,
    "7ns": 7e-9,
    "10µs": 1e-5,
    "-2s": -2,
    "0": 0,
    "+.5m": 30,
  };
  for (const [written, seconds] of Object.entries(cases)) assert.equal(duration.parse(written), seconds, written);
});

void test("refuses what Go does not take for a duration", () => {
  for (const written of [5, 0, "5", "5 s", "1d", "1w", "", "s", "1h 5m", "1e3s", "300000h1000000000h", null, true]) {
    assert.equal(problemOf(duration, written), 'expected a duration such as "5s"', String(written));
  }
});

void test("reads sizes by 1024, whatever the unit is called", () => {
  const cases = {
    "1B": 1,
    "1KB": 1024,
    "1KiB": 1024,
    "1.5MB": 1.5 * 1024 ** 2,
    "1MB1KB25B": 1024 ** 2 + 1024 + 25,
    "2EiB": 2 * 1024 ** 6,
    "-1MB": 0,
    "0": 0,
  };
  for (const [written, size] of Object.entries(cases)) assert.equal(byteSize.parse(written), size, written);
  assert.equal(byteSize.parse(0), 0);
});

void test("refuses sizes without a unit or with an unknown one", () => {
  for (const written of [1024, "1024", "1kB", "1kiB", "1XB", "MB", "", "-", "-5", null]) {
    assert.match(problemOf(byteSize, written) ?? "", /^expected a size/u, String(written));
  }
});

void test("reads the booleans of YAML 1.1 and nothing else", () => {
  for (const written of [true, "yes", "Yes", "ON", "y", "True"]) assert.equal(yamlBoolean.parse(written), true);
  for (const written of [false, "no", "Off", "N", "FALSE"]) assert.equal(yamlBoolean.parse(written), false);
  for (const written of [1, "yEs", "enabled", "", null]) {
    assert.equal(problemOf(yamlBoolean, written), "expected true or false");
  }
});

void test("takes any scalar where text is wanted", () => {
  assert.equal(text.parse("a"), "a");
  assert.equal(text.parse(12345), "12345");
  assert.equal(text.parse(true), "true");
  assert.equal(text.parse(null), "");
  assert.equal(text.parse(new TextEncoder().encode("é")), "é");
  for (const value of [[], {}, undefined]) assert.equal(problemOf(text, value), "expected a string");
});

void test("keeps binary bytes as they are and other text as UTF-8", () => {
  assert.deepEqual(bytes.parse(new Uint8Array([0xff, 0])), new Uint8Array([0xff, 0]));
  assert.deepEqual(bytes.parse("é"), new Uint8Array([0xc3, 0xa9]));
  assert.equal(problemOf(bytes, []), "expected a string or !!binary");
});

void test("reads numbers also where the loader kept an unusual spelling as text", () => {
  assert.equal(integer.parse(5), 5);
  assert.equal(integer.parse("0010"), 10);
  assert.equal(decimal.parse("0.50"), 0.5);
  assert.equal(decimal.parse("1e3"), 1000);
  for (const value of [1.5, "1.5", "", "x", Number.NaN, 1e300, null]) {
    assert.equal(problemOf(integer, value), "expected a whole number");
  }
  for (const value of ["", ".", "1e999", "0x10", Number.POSITIVE_INFINITY]) {
    assert.equal(problemOf(decimal, value), "expected a number");
  }
});

void test("a secret shows itself only when asked", () => {
  const hidden = secret.parse("hunter2");
  assert.equal(hidden.reveal(), "hunter2");
  assert.equal(`${hidden.toString()} ${JSON.stringify({ hidden })}`, '<secret> {"hidden":"<secret>"}');
});

function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value).error?.issues[0]?.message;
}
