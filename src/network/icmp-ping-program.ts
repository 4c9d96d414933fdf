import { type ChildProcess, spawn } from "node:child_process";
import { startDeadline } from "./deadline.ts";

/** A `ping` that is known well enough to be asked and understood. */
export interface PingProgram {
  readonly command: string;
  readonly flavour: "iputils" | "busybox";
}

/** What a program wrote, up to a bound, and how it ended. */
export interface ProgramOutput {
  readonly output: string;
  readonly errors: string;
  /** By which it was ended, if it was. */
  readonly signal: NodeJS.Signals | null;
  readonly isCutOff: boolean;
  /** Why it could not be started, or that it was aborted. */
  readonly failure: Error | undefined;
}

/** Long enough to start a program on a busy host; this happens once. */
const LONGEST_QUESTION_SECONDS = 2;

/** Finds out which `ping` this host has, by the version that it prints. */
export async function findPingProgram(command: string): Promise<PingProgram | { readonly problem: string }> {
  using deadline = startDeadline({ seconds: LONGEST_QUESTION_SECONDS });
  const { output, errors, failure } = await runProgram(command, { arguments: ["-V"], signal: deadline.signal }).ended;
  if (failure !== undefined) return { problem: `ping program: ${failure.message}` };
  const said = output + errors;
  if (said.includes("iputils")) return { command, flavour: "iputils" };
  // busybox has no such flag, and names itself in its complaint.
  if (said.includes("BusyBox")) return { command, flavour: "busybox" };
  return { problem: "ping program: neither that of iputils nor that of BusyBox" };
}

/** Room for a thousand replies of a hundred characters, twice. */
const LONGEST_OUTPUT = 200_000;
const LONGEST_ERRORS = 4_000;

/**
 * Runs a program without a shell, in the language that parsers know, and with nothing of the exporter's environment but
 * the search path. Its end never rejects. The signal kills it; `interrupt` asks it to sum up and end.
 */
export function runProgram(
  command: string,
  options: { readonly arguments: readonly string[]; readonly signal: AbortSignal },
): { readonly ended: Promise<ProgramOutput>; readonly interrupt: () => void } {
  const child = spawn(command, options.arguments, {
    env: { LC_ALL: "C", PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
    killSignal: "SIGKILL",
  });
  return { ended: collect(child), interrupt: () => child.kill("SIGINT") };
}

async function collect(child: ChildProcess): Promise<ProgramOutput> {
  let [output, errors, isCutOff] = ["", "", false];
  child.stdout?.setEncoding("latin1").on("data", (text: string) => {
    isCutOff ||= output.length + text.length > LONGEST_OUTPUT;
    if (isCutOff) giveUp(child);
    else output += text;
  });
  child.stderr?.setEncoding("latin1").on("data", (text: string) => {
    errors = (errors + text).slice(0, LONGEST_ERRORS);
  });
  const { signal, failure } = await endOf(child);
  if (failure !== undefined) giveUp(child);
  return { output, errors, signal, isCutOff, failure };
}

/** Also where the program has left another one behind that still writes. */
function giveUp(child: ChildProcess): void {
  child.kill("SIGKILL");
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function endOf(child: ChildProcess): Promise<Pick<ProgramOutput, "signal" | "failure">> {
  return new Promise((resolve) => {
    child.once("error", (failure) => resolve({ signal: null, failure }));
    child.once("close", (_code, signal) => resolve({ signal, failure: undefined }));
  });
}
