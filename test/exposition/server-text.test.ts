import assert from "node:assert/strict";
import { test } from "node:test";
import { serverText } from "../../src/exposition/server-text.ts";

void test("servers have a code, and the time of their last report if there was one", () => {
  const text = serverText(
    [
      { server: "web-1", outcome: "server/report-missing", reportedAt: 1_700_000_000_500 },
      { server: 'a "b"', outcome: "state/pending", reportedAt: undefined },
    ],
    "prometheus",
  );

  assert.deepEqual(
    text.split("\n").filter((line) => !line.startsWith("#")),
    [
      'status_exporter_server_last_report_timestamp_seconds{server="web-1"} 1.7000000005e+09',
      'status_exporter_server_status_code{catalogue="hitflow",list="server",server="web-1"} 106',
      'status_exporter_server_status_code{catalogue="hitflow",list="server",server="a \\"b\\""} -3',
      "",
    ],
  );
});

void test("without servers there is nothing, not even headers", () => {
  assert.equal(serverText([], "openmetrics"), "");
});
