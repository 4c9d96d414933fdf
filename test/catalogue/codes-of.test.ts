import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf } from "../../src/catalogue/codes-of.ts";
import { SUBJECTS } from "../../src/catalogue/every-rule.ts";
import { FAILURES, type Outcome } from "../../src/outcome/outcome.ts";
import { REACHABLE, type Subject } from "../../src/outcome/reachable.ts";
import { readMapping } from "./fixture.ts";

/** A status that no documented code shares, so that it can only have come from the response. */
const STATUS = 299;

const OUTCOMES: readonly Outcome[] = ["success", ...FAILURES];

const MAPPING = readMapping()
  .filter((row) => row["protocol"] !== "state")
  .flatMap((row) => {
    const subject = SUBJECTS.find((one) => one === row["protocol"]);
    assert.ok(subject, `no subject ${row["protocol"]}`);
    return outcomesOf(row["outcome"] ?? "", subject).map((outcome) => ({ subject, outcome, row }));
  });

for (const { subject, outcome, row } of MAPPING) {
  void test(`${subject} ${outcome} has the codes of the mapping`, () => {
    const expected = [
      ["cloudmonitor", row["cloudmonitor_list"], row["cloudmonitor_code"]],
      ["hitflow", row["hitflow_list"], row["hitflow_code"]],
    ].filter(([, list]) => list !== "-");

    const codes = codesOf({ subject, outcome, httpStatus: STATUS });

    assert.deepEqual(
      codes.map(({ catalogue, list, code }) => [catalogue, list, code === STATUS ? "HTTP-STATUS" : String(code)]),
      expected,
    );
  });
}

void test("the mapping has exactly the outcomes in which a probe can end", () => {
  const mapped = MAPPING.map(({ subject, outcome }) => `${subject} ${outcome}`);
  const reachable = SUBJECTS.flatMap((subject) => REACHABLE[subject].map((outcome) => `${subject} ${outcome}`));

  assert.deepEqual(mapped.toSorted(), reachable.toSorted());
});

void test("a documented HTTP status has its own phrase", () => {
  const [cloudMonitor] = codesOf({ subject: "http", outcome: "content/status-not-allowed", httpStatus: 503 });

  assert.deepEqual(cloudMonitor, {
    catalogue: "cloudmonitor",
    list: "http",
    code: 503,
    message: "Service Unavailable",
    documented: true,
  });
});

for (const [status, message] of [
  [100, "1xx informational"],
  [204, "2xx success"],
  [308, "3xx redirection"],
  [429, "4xx client error"],
  [599, "5xx server error"],
] as const) {
  void test(`an HTTP status of ${status}, which is no row of the list, has the text of its class`, () => {
    const [cloudMonitor] = codesOf({ subject: "http", outcome: "success", httpStatus: status });

    assert.deepEqual(cloudMonitor, {
      catalogue: "cloudmonitor",
      list: "http",
      code: status,
      message,
      documented: false,
    });
  });
}

for (const status of [undefined, 0, 99, 600, 613, 703, 999]) {
  void test(`a failure with ${status} for an HTTP status is 611, neither healthy nor a custom code of that number`, () => {
    const [cloudMonitor] = codesOf({ subject: "http", outcome: "content/status-not-allowed", httpStatus: status });

    assert.equal(cloudMonitor?.code, 611);
  });

  void test(`a success with ${status} for an HTTP status has the healthy value`, () => {
    const [cloudMonitor] = codesOf({ subject: "http", outcome: "success", httpStatus: status });

    assert.deepEqual(cloudMonitor, {
      catalogue: "cloudmonitor",
      list: "http",
      code: 0,
      message: "Healthy",
      documented: false,
    });
  });
}

void test("a service that is not probed has the state of its Hitflow list and nothing of Cloud Monitor", () => {
  assert.deepEqual(codesOf({ subject: "tls", outcome: "state/disabled", httpStatus: undefined }), [
    { catalogue: "hitflow", list: "ssl", code: -2, message: "Monitoring disabled", documented: true },
  ]);
});

void test("an outcome that the protocol cannot reach has no codes", () => {
  assert.deepEqual(codesOf({ subject: "icmp", outcome: "tls/timeout", httpStatus: undefined }), []);
});

void test("only a passed, slow or tolerated probe has a code of 0", () => {
  const healthy = MAPPING.filter(({ subject, outcome }) =>
    codesOf({ subject, outcome, httpStatus: undefined }).some(({ code }) => code === 0),
  );

  assert.deepEqual([...new Set(healthy.map(({ outcome }) => outcome))].toSorted(), [
    "exchange/packet-loss-tolerated",
    "success",
    "timing/too-slow",
  ]);
});

/** Written out: `resolve/*` and `tls/*` stand for the reasons of that phase that have no row of their own. */
function outcomesOf(word: string, subject: Subject): readonly Outcome[] {
  if (!word.endsWith("/*")) return OUTCOMES.filter((outcome) => outcome === word);
  const own = new Set(
    readMapping()
      .filter((row) => row["protocol"] === subject)
      .map((row) => row["outcome"]),
  );
  return FAILURES.filter((failure) => failure.startsWith(word.slice(0, -1)) && !own.has(failure));
}
