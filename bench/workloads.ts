/** One row of the benchmark: what is probed, and by which module of `modules.yml`. */
export interface Workload {
  readonly name: string;
  readonly module: string;
  /** The program that plays the target: it prints the port on which it listens, and serves until it is ended. */
  readonly program: URL;
  readonly target: (port: number) => string;
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: "http",
    module: "http_2xx",
    program: new URL("./targets/http.ts", import.meta.url),
    target: (port) => `http://127.0.0.1:${port}/`,
  },
];
