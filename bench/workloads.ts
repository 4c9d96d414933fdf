/** One row of the benchmark: what is probed, and by which module of `modules.yml`. */
export interface Workload {
  readonly name: string;
  readonly module: string;
  /**
   * The program that plays the target: it prints the port on which it listens, and serves until it is ended. Absent
   * where the system itself is the target.
   */
  readonly program?: URL;
  readonly target: (port: number) => string;
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: "http",
    module: "http_2xx",
    program: new URL("./targets/http.ts", import.meta.url),
    target: (port) => `http://127.0.0.1:${port}/`,
  },
  {
    name: "tcp",
    module: "tcp_connect",
    program: new URL("./targets/tcp.ts", import.meta.url),
    target: (port) => `127.0.0.1:${port}`,
  },
  {
    name: "dns",
    module: "dns_a",
    program: new URL("./targets/dns.ts", import.meta.url),
    target: (port) => `127.0.0.1:${port}`,
  },
  { name: "icmp", module: "icmp", target: () => "127.0.0.1" },
];
