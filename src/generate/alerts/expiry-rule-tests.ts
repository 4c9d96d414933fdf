import { repeated } from "./answer.ts";
import { type RuleTest, seriesText, type TestSeries } from "./rule-test.ts";
import { type Scenario, scenarioTest } from "./scenario.ts";

const DAY_SECONDS = 86_400;

/** A sample an hour, for two days and a little more. */
const MORE = 50;
const TARGET = { instance: "shop.example.com:443", job: "certificates" } as const;

/** Certificates, certificate files and domains at their ends. The clock of a test starts at 0; it ends after two days. */
export function expiryTests(): readonly RuleTest[] {
  return [
    expiring(40, {}),
    // Not yet for a whole day.
    expiring(31.5, {}),
    expiring(30.5, all("ExpiresIn30Days")),
    expiring(9.5, all("ExpiresIn30Days")),
    expiring(8.5, all("ExpiresIn7Days")),
    expiring(2.1, all("ExpiresIn7Days")),
    expiring(1.9, all("Expired")),
    // Those that live shortly are renewed late by design.
    expiring(20, { DomainExpiresIn30Days: 1 }, 45),
    expiring(6, { DomainExpiresIn7Days: 1 }, 6),
    expiring(1.9, all("Expired"), 6),
  ].map((scenario) => scenarioTest(scenario, { interval: "1h", at: "48h" }));
}

function all(suffix: string): Readonly<Record<string, number>> {
  return Object.fromEntries(["Certificate", "CertificateFile", "Domain"].map((name) => [`${name}${suffix}`, 1]));
}

function expiring(days: number, firing: Readonly<Record<string, number>>, lifeDays = 365): Scenario {
  const end = days * DAY_SECONDS;
  const start = end - lifeDays * DAY_SECONDS;
  const certificate = { ...TARGET, position: "0" };
  const file = { ...certificate, file: "/etc/tls/shop.pem" };
  return {
    name: `at day ${days} ends what lives ${lifeDays} days`,
    firing,
    series: [
      sample("probe_ssl_earliest_cert_expiry", TARGET, end),
      sample("probe_ssl_certificate_not_after_timestamp_seconds", certificate, end),
      sample("probe_ssl_certificate_not_before_timestamp_seconds", certificate, start),
      sample("probe_tls_file_certificate_not_after_timestamp_seconds", file, end),
      sample("probe_tls_file_certificate_not_before_timestamp_seconds", file, start),
      sample("probe_domain_expiry_timestamp_seconds", TARGET, end),
    ],
  };
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number): TestSeries {
  return { series: seriesText(name, labels), values: repeated(value, MORE) };
}
