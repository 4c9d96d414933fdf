import type { IncomingHttpHeaders } from "node:http2";
import type { Failure } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import { concealSent } from "../../probe/conceal-sent.ts";
import { printable } from "../../probe/printable.ts";
import type { Answer } from "./call.ts";
import { type GrpcStatus, readStatus } from "./status.ts";

/** How the call ended. Throws ProbeFailure `exchange/malformed` where the answer is not one of gRPC. */
export function statusOf({ httpStatus, headers, trailers }: Answer): GrpcStatus {
  if (httpStatus !== 200) throw malformed(`Expected HTTP status 200 of a gRPC server, found ${httpStatus}`);
  const type = valueOf(headers, "content-type");
  if (!/^application\/grpc(?:[+;].*)?$/isu.test(type)) {
    throw malformed(`Expected an answer of the type application/grpc, found ${JSON.stringify(printable(type))}`);
  }
  const code = valueOf(trailers, "grpc-status");
  if (code === "") throw malformed("The answer ends without grpc-status");
  const status = readStatus(code, valueOf(trailers, "grpc-message"));
  if (status === undefined)
    throw malformed(`Expected a number as grpc-status, found ${JSON.stringify(printable(code))}`);
  return status;
}

/** The failure that a status stands for; undefined for OK. `sent` is what the server must not repeat in a detail. */
export function failureOf({ code, name, message }: GrpcStatus, sent: readonly string[]): ProbeFailure | undefined {
  if (code === OK) return undefined;
  const remark = message === "" ? "" : `: ${JSON.stringify(printable(concealSent(message, sent)))}`;
  return new ProbeFailure(OUTCOMES.get(code) ?? "exchange/error-status", {
    detail: `The server answered with the gRPC status ${name}${remark}`,
  });
}

const OK = 0;

/** DEADLINE_EXCEEDED: the server gave up just before us, for the call tells it until when it has time. */
const OUTCOMES: ReadonlyMap<number, Failure> = new Map<number, Failure>([
  [4, "exchange/timeout"],
  [7, "login/rejected"],
  [16, "login/rejected"],
]);

function valueOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : (value?.[0] ?? "");
}

function malformed(detail: string): ProbeFailure {
  return new ProbeFailure("exchange/malformed", { detail });
}
