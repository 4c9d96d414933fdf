import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readRecord } from "../../../src/probers/dns/record.ts";
import { recordTypeName } from "../../../src/probers/dns/record-type.ts";
import { WireReader } from "../../../src/probers/dns/wire-reader.ts";

/**
 * Records as they come over the wire, and what blackbox_exporter's library (miekg/dns 1.1.73) writes for them: the
 * expressions of `validate_*_rrs` in existing files were written against that.
 */
const RECORDS = readFileSync(join(import.meta.dirname, "records.tsv"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [wire = "", text = '""'] = line.split("\t");
    return { wire, text: String(JSON.parse(text)) };
  });

for (const { wire, text } of RECORDS) {
  void test(`the record ${JSON.stringify(text.slice(0, 100))} is written as upstream writes it (${wire.slice(0, 60)})`, () => {
    assert.equal(read(wire).text, text);
  });
}

void test("the table has a record of every type that has a form of its own, and some that have none", () => {
  const types = new Set(RECORDS.map(({ wire }) => recordTypeName(read(wire).type)));

  assert.ok(types.size >= 80, `found ${types.size} types`);
  assert.ok(types.has("TYPE731"));
});

void test("a record that is cut off at any byte is malformed, whatever its type", () => {
  for (const { wire } of RECORDS) {
    const whole = Buffer.from(wire, "hex");
    for (let length = 0; length < whole.length; length += 1) {
      const cut = whole.subarray(0, length);
      assert.throws(() => readRecord(new WireReader(cut)), { outcome: "exchange/malformed" }, `${wire} at ${length}`);
    }
  }
});

void test("a record with any byte changed is read or malformed, never a defect", () => {
  for (const { wire } of RECORDS) {
    for (const [index, octet] of Buffer.from(wire, "hex").entries()) {
      const changed = Buffer.from(wire, "hex");
      changed[index] = octet ^ 0xff;
      try {
        readRecord(new WireReader(changed));
      } catch (error) {
        assert.ok(
          error instanceof Error && "outcome" in error && error.outcome === "exchange/malformed",
          `${wire} ${index} ${String(error)}`,
        );
      }
    }
  }
});

function read(wire: string): ReturnType<typeof readRecord> {
  return readRecord(new WireReader(Buffer.from(wire, "hex")));
}
