import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { findProgram } from "./find-program.ts";
import { until } from "./until.ts";

/** A server that runs as a process of its own until its test ends. */
export interface ServerProcess {
  readonly port: number;
  readonly origin: string;
  /** What it wrote to standard error and output so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Its exit code, or the name of the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals>;
  /** Ends it and waits until it is gone. */
  end(): Promise<void>;
}

export interface ServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  /** What is added to its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The file that takes what it writes; kept in memory if absent. */
  readonly logFile?: string | undefined;
}

/** Starts a program and waits until it listens on the port. */
export async function startServer(stack: AsyncDisposableStack, options: ServerOptions): Promise<ServerProcess> {
  const { child, output } = spawnWithOutput(options);
  const exit = once(child, "exit").then(([code, signal]) => code ?? signal);
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    const impatience = setTimeout(() => child.kill("SIGKILL"), MOST_MILLISECONDS_TO_END);
    await exit;
    clearTimeout(impatience);
  };
  stack.defer(end);
  await until(`${options.command} listens on port ${options.port}`, async () => {
    if (child.exitCode !== null)
      throw new Error(`${options.command} ended with exit code ${child.exitCode}:\n${output()}`);
    return isListening(options.port);
  });
  return {
    port: options.port,
    origin: `http://127.0.0.1:${options.port}`,
    output,
    signal: (name) => void child.kill(name),
    ended: () => exit,
    end,
  };
}

function spawnWithOutput({ command, args, environment, logFile }: ServerOptions): {
  readonly child: ChildProcess;
  readonly output: () => string;
} {
  const program = findProgram(command) ?? command;
  const env = { ...process.env, ...environment };
  if (logFile !== undefined) {
    const file = openSync(logFile, "a");
    const child = spawn(program, args, { stdio: ["ignore", file, file], env });
    closeSync(file);
    return { child, output: () => readFileSync(logFile, "utf8") };
  }
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output };
}

/** Twice what Prometheus needs to write its store to disk on a busy machine. */
const MOST_MILLISECONDS_TO_END = 20_000;

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Refused: it does not listen yet.
    return false;
  } finally {
    socket.destroy();
  }
}
