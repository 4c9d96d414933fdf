import assert from "node:assert/strict";
import { test } from "node:test";
import { documentedCodes } from "../../src/catalogue/documented-codes.ts";
import { readFixture } from "./fixture.ts";

const CODES = documentedCodes();
const LISTED = CODES.filter(({ page }) => page === "status list");

void test("the dictionaries have exactly the rows of the vendors' lists", () => {
  const expected = readFixture("documented.tsv").flatMap((line) =>
    (line["codes"] ?? "").split(" ").map((code) => `${line["catalogue"]} ${line["list"]} ${code}`),
  );

  assert.deepEqual(
    LISTED.map(({ catalogue, list, code }) => `${catalogue} ${list} ${code}`).toSorted(),
    expected.toSorted(),
  );
});

void test("the rows are 35 custom codes and 30 HTTP statuses of Cloud Monitor and 94 statuses of Hitflow", () => {
  const counted = Object.groupBy(LISTED, ({ catalogue, row }) =>
    row.startsWith("Common HTTP status codes") ? "common" : catalogue,
  );

  assert.deepEqual(
    Object.entries(counted).map(([group, rows]) => [group, rows?.length]),
    [
      ["cloudmonitor", 35],
      ["common", 30],
      ["hitflow", 94],
    ],
  );
});

void test("the only code from another page of a vendor is 615 of Cloud Monitor's ping", () => {
  const others = CODES.filter(({ page }) => page !== "status list");

  assert.deepEqual(
    others.map(({ catalogue, list, code, leads }) => [catalogue, list, code, leads]),
    [["cloudmonitor", "ping", 615, [{ subject: "icmp", outcome: "exchange/packet-loss", basis: "elsewhere" }]]],
  );
});

void test("some outcome leads to every documented code", () => {
  const unreachable = CODES.filter(({ leads }) => leads.length === 0);

  assert.deepEqual(
    unreachable.map(({ catalogue, list, code }) => `${catalogue} ${list} ${code}`),
    [],
  );
});

void test("a common HTTP status comes from the status of the response alone", () => {
  const notFound = CODES.find(({ list, code }) => list === "http" && code === 404);

  assert.deepEqual(
    notFound?.leads.map(({ subject, outcome }) => `${subject} ${outcome}`),
    [
      "http success",
      "http timing/too-slow",
      "http content/status-not-allowed",
      "tls content/status-not-allowed",
      "websocket upgrade/rejected",
    ],
  );
});

void test("a rule is borrowed exactly where the vendor has no monitor of the protocol", () => {
  const borrowed = {
    cloudmonitor: ["tls", "unix", "imap", "websocket", "grpc"],
    hitflow: ["unix", "dns", "smtp", "pop3", "imap", "grpc"],
  };
  const wrong = CODES.flatMap(({ catalogue, leads }) =>
    leads
      .filter(({ outcome }) => !outcome.startsWith("state/"))
      .filter(({ subject, basis }) => (basis === "borrowed") !== borrowed[catalogue].includes(subject)),
  );

  assert.deepEqual(wrong, []);
});

void test("every message is a short label value in sentence case without a full stop", () => {
  const wrong = CODES.filter(({ message }) => !/^[A-Z][^\n"\\]{1,59}$/.test(message) || message.endsWith("."));

  assert.deepEqual(wrong, []);
});

void test("the leaked translation key of Hitflow 464 is quoted as the source, and neither message nor meaning", () => {
  const code = CODES.find(({ catalogue, code: number }) => catalogue === "hitflow" && number === 464);

  assert.equal(code?.sourceText, "documentation/statuses-list.text-255");
  assert.ok(CODES.every(({ message, meaning }) => !`${message} ${meaning}`.includes("statuses-list")));
});

void test("a row cites its place in the vendor's documentation", () => {
  const code = CODES.find(({ list, code: number }) => list === "tcp" && number === 610);

  assert.equal(code?.row, "Custom status codes, TCP, 610");
});
