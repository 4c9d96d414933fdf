import assert from "node:assert/strict";
import { test } from "node:test";
import { formatValue } from "../../src/exposition/format-value.ts";

/** Value, as Prometheus text, as OpenMetrics: what Go's `strconv.FormatFloat(value, 'g', -1, 64)` and expfmt write. */
const VALUES = [
  [0, "0", "0.0"],
  [-0, "0", "0.0"],
  [1, "1", "1.0"],
  [-1, "-1", "-1.0"],
  [200, "200", "200.0"],
  [0.5, "0.5", "0.5"],
  [123456, "123456", "123456.0"],
  [999999, "999999", "999999.0"],
  [999999.9, "999999.9", "999999.9"],
  [1e6, "1e+06", "1e+06"],
  [1234567, "1.234567e+06", "1.234567e+06"],
  [-1234567, "-1.234567e+06", "-1.234567e+06"],
  [1748853465, "1.748853465e+09", "1.748853465e+09"],
  [1e21, "1e+21", "1e+21"],
  [1.5e300, "1.5e+300", "1.5e+300"],
  [0.0001, "0.0001", "0.0001"],
  [0.000123, "0.000123", "0.000123"],
  [0.00009, "9e-05", "9e-05"],
  [6.3e-8, "6.3e-08", "6.3e-08"],
  [5e-324, "5e-324", "5e-324"],
  [0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"],
  [Number.NaN, "NaN", "NaN"],
  [Infinity, "+Inf", "+Inf"],
  [-Infinity, "-Inf", "-Inf"],
] as const;

for (const [value, prometheus, openmetrics] of VALUES) {
  test(`writes ${value} as ${prometheus}, in OpenMetrics as ${openmetrics}`, () => {
    assert.equal(formatValue(value, "prometheus"), prometheus);
    assert.equal(formatValue(value, "openmetrics"), openmetrics);
  });
}
