import type { Report } from "../../../src/outcome/report.ts";
import type { Settings } from "../../faults/fault.ts";
import type { FtpServer } from "../../faults/ftp/ftp-server.ts";
import { runProbe } from "../../support/run-probe.ts";

/** A module that asks for all that a module can ask for. */
export const EVERYTHING: Settings = {
  change_directory: "/pub",
  list: true,
  size: "readme.txt",
  download: "readme.txt",
  upload: true,
};

/** A user with a password that may go in the clear. */
export const ACCOUNT: Settings = { username: "prober", password: "correct-horse", plaintext_login: "allow" };

/** Probes a fake server with this `ftp` block. */
export function probeFtp(
  server: FtpServer,
  order: { readonly ftp?: Settings; readonly module?: Settings; readonly scheme?: "ftps" } = {},
): Promise<Report> {
  const { ftp = {}, module = {}, scheme = "ftp" } = order;
  return runProbe("ftp", { target: `${scheme}://${server.host}:${server.port}`, settings: ftp, module });
}

/** The bytes that went over data connections, by operation. */
export function transferred(report: Report): Readonly<Record<string, number>> {
  const samples = report.measurements.filter(({ name }) => name === "probe_ftp_transfer_bytes");
  return Object.fromEntries(samples.map(({ labels, value }) => [labels["operation"], value]));
}
