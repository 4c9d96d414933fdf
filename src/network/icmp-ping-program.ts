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

/** Long enough to start a program on a busy host and to wait for a reply; this happens once. */
const LONGEST_QUESTION_SECONDS = 2;

/** What `ping` complains of where it may not send, or cannot as it is asked to. */
export const NOT_PERMITTED = /permitted|permission|denied|missing cap_net_raw/iu;

/** Finds out which `ping` this host has, by the version that it prints, and whether it may send, by having it do so. */
export async function findPingProgram(command: string): Promise<PingProgram | { readonly problem: string }> {
  const version = await ask(command, ["-V"]);
  if (version.failure !== undefined) return { problem: `ping program: ${version.failure.message}` };
  const flavour = flavourOf(version.output + version.errors);
  if (flavour === undefined) return { problem: "ping program: neither that of iputils nor that of BusyBox" };
  // Whether it is answered is another matter.
  const { errors } = await ask(command, ["-c", "1", "-W", "1", "127.0.0.1"]);
  const complaint = errors.split("\n").find((line) => NOT_PERMITTED.test(line));
  return complaint === undefined ? { command, flavour } : { problem: `ping program: ${complaint.trim()}` };
}

async function ask(command: string, questions: readonly string[]): Promise<ProgramOutput> {
  using deadline = startDeadline({ seconds: LONGEST_QUESTION_SECONDS });
  return await runProgram(command, { arguments: questions, signal: deadline.signal }).ended;
}

/** BusyBox has no flag for the version, and names itself in its complaint. */
function flavourOf(said: string): PingProgram["flavour"] | undefined {
  if (said.includes("iputils")) return "iputils";
  return said.includes("BusyBox") ? "busybox" : undefined;
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
  const child = start(command, options);
  if (child instanceof Error)
    return { ended: Promise.resolve({ ...SILENCE, failure: child }), interrupt: () => undefined };
  return { ended: collect(child), interrupt: () => child.kill("SIGINT") };
}

const SILENCE = { output: "", errors: "", signal: null, isCutOff: false } as const;

/** Most reasons why a program cannot be started are told later, but not all: EPERM is thrown. */
function start(
  command: string,
  options: { readonly arguments: readonly string[]; readonly signal: AbortSignal },
): ChildProcess | Error {
  try {
    return spawn(command, options.arguments, {
      env: { LC_ALL: "C", PATH: process.env["PATH"] ?? "" },
      stdio: ["ignore", "pipe", "pipe"],
      signal: options.signal,
      killSignal: "SIGKILL",
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
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
