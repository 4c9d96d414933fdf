import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import type { Outcome } from "../../../src/outcome/outcome.ts";
import { defectFault } from "../defect-fault.ts";
import type { Fault, SentReport, Settings, StartedFault } from "../fault.ts";
import type { FaultServer, Traffic } from "../servers/fault-server.ts";
import { type Answer, startHttpServer } from "../servers/http-server.ts";
import { staticFault } from "../static-fault.ts";

const MODULE = { prober: "server", timeout: "2s" } as const;

const NOBODY: Traffic = { connections: () => 0, arrivals: () => 0, [Symbol.asyncDispose]: () => Promise.resolve() };

const TOKEN = "the-token-of-the-test";

/** What can be wrong with a server, as its reports or its node_exporter tell. */
export const SERVER_FAULTS: readonly Fault[] = [
  requestFault("a server that is not configured", { outcome: "request/parameter-missing", target: "nobody" }),
  requestFault("a scrape without a target", { outcome: "request/target-missing", target: "" }),
  requestFault("a scrape whose timeout is no number", {
    outcome: "deadline/no-time-left",
    target: "nobody",
    scrapeTimeout: "soon",
  }),
  defectFault("server"),
  reported("a server within its limits", { outcome: "success", reports: [reportAt(0), reportAt(10)] }),
  reported("a server that has never reported", { outcome: "state/pending", reports: [] }),
  reported("a load above its limit", {
    outcome: "server/load",
    reports: [reportAt(0)],
    thresholds: { load: 0.5 },
  }),
  reported("processors busier than they may be", {
    outcome: "server/cpu",
    reports: [reportAt(0), reportAt(10)],
    thresholds: { cpu: "10%" },
  }),
  reported("memory fuller than it may be", {
    outcome: "server/memory",
    reports: [reportAt(0)],
    thresholds: { memory: "10%" },
  }),
  reported("a file system fuller than it may be", {
    outcome: "server/storage",
    reports: [reportAt(0)],
    thresholds: { storage: "10%" },
  }),
  reported("more sent than there may be", {
    outcome: "server/bandwidth-out",
    reports: [reportAt(0), reportAt(10)],
    thresholds: { bandwidth_out: "1kbit/s" },
  }),
  reported("more received than there may be", {
    outcome: "server/bandwidth-in",
    reports: [reportAt(0), reportAt(10)],
    thresholds: { bandwidth_in: "1kbit/s" },
  }),
  asked("a node_exporter that says all is well", { outcome: "success", answer: sayFigures }),
  asked("a node_exporter that stays silent", { outcome: "server/report-missing", answer: () => undefined }),
  asked("a node_exporter that breaks off", { outcome: "server/report-missing", answer: breakOff }),
  asked("a node_exporter that is something else", { outcome: "server/report-missing", answer: sayNothing }),
  asked("a node_exporter that speaks without end", { outcome: "server/report-missing", answer: speakOn }),
  {
    ...asked("an exporter without a file descriptor left", { outcome: "local/no-socket", answer: sayFigures }),
    exporter: "exhausted",
  },
  {
    subject: "server",
    name: "a node_exporter that nobody runs",
    outcome: "server/report-missing",
    start: async () => pull("closed", { host: "127.0.0.1", port: 1, ...NOBODY }),
  },
];

function requestFault(
  name: string,
  given: { readonly outcome: Outcome; readonly target: string; readonly scrapeTimeout?: string },
): Fault {
  return staticFault("server", { name, module: MODULE, ...given });
}

/** The time of the last of the reports above. */
const LAST_REPORT_SECONDS = 10;

/** A report so many seconds after the server's start, with something done in each of them. */
function reportAt(seconds: number): Settings {
  return {
    uptime: 1000 + seconds,
    load_average: [1, 1, 1],
    cpu: { count: 1, total_seconds: 1000 + seconds, idle_seconds: 500 },
    memory: { total_bytes: 1000, available_bytes: 500 },
    file_systems: [{ mountpoint: "/", size_bytes: 1000, available_bytes: 500 }],
    network: [{ device: "eth0", receive_bytes: 1000 * seconds, transmit_bytes: 1000 * seconds }],
  };
}

function reported(
  name: string,
  given: { readonly outcome: Outcome; readonly reports: readonly Settings[]; readonly thresholds?: Settings },
): Fault {
  const target = name.replaceAll(" ", "-");
  const settings = { token_sha256: sha256(TOKEN), thresholds: given.thresholds ?? {} };
  const sent = (body: Settings): SentReport => ({ server: target, token: TOKEN, body });
  const reports = given.reports.map(sent);
  const later = { laterReport: (seconds: number) => sent(reportAt(LAST_REPORT_SECONDS + seconds)) };
  return {
    subject: "server",
    name,
    outcome: given.outcome,
    async start() {
      const reporting = { reports, ...(reports.length > 0 ? later : {}) };
      return { target, module: MODULE, servers: { [target]: settings }, ...reporting, server: NOBODY };
    },
  };
}

function asked(name: string, { outcome, answer }: { readonly outcome: Outcome; readonly answer: Answer }): Fault {
  return {
    subject: "server",
    name,
    outcome,
    start: async () => pull(name.replaceAll(" ", "-"), await startHttpServer(answer)),
  };
}

function pull(target: string, server: FaultServer): StartedFault {
  const url = `http://${server.host}:${server.port}/metrics`;
  return { target, module: MODULE, servers: { [target]: { source: "node_exporter", url } }, server };
}

function sayFigures(socket: Socket): void {
  socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nnode_load1 1\nnode_load5 1\nnode_load15 1\n");
}

function breakOff(socket: Socket): void {
  socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nnode_load1 1\n");
}

function sayNothing(socket: Socket): void {
  socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>Welcome</html>\n");
}

function speakOn(socket: Socket): void {
  const line = Buffer.alloc(64 * 1024, "# node_exporter\n");
  socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  const more = (): void => {
    while (!socket.destroyed && socket.write(line));
  };
  socket.on("drain", more);
  more();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
