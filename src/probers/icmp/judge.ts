import type { EchoTally } from "../../network/icmp.ts";
import type { FailureOf } from "../../outcome/outcome.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";

/** The share of requests that were not answered, 0 to 1; nothing sent is nothing lost. */
export function lossRatio({ sent, replies }: EchoTally): number {
  return sent === 0 ? 0 : (sent - replies.length) / sent;
}

/** Why a probe with these replies does not simply succeed; undefined where every request was answered. */
export function judge(tally: EchoTally, { maxLossRatio }: { readonly maxLossRatio: number }): ProbeFailure | undefined {
  const { sent, replies, refusal } = tally;
  const remark = refusal === undefined ? "" : `; ${refusal.detail}`;
  if (replies.length === 0) return new ProbeFailure(silence(tally), { detail: `${unanswered(tally)}${remark}` });
  const loss = lossRatio(tally);
  if (loss === 0) return undefined;
  const lost = `${sent - replies.length} of ${sent} packets were lost`;
  return loss <= maxLossRatio
    ? new ProbeFailure("exchange/packet-loss-tolerated", {
        detail: `${lost}, within max_loss_ratio ${maxLossRatio}${remark}`,
      })
    : new ProbeFailure("exchange/packet-loss", {
        detail: `${lost}, more than max_loss_ratio ${maxLossRatio}${remark}`,
      });
}

function silence({ malformed, refusal }: EchoTally): FailureOf<"exchange" | "connect"> {
  if (refusal?.kind === "unreachable" || refusal?.kind === "unsent") return "connect/unreachable";
  return malformed > 0 ? "exchange/malformed" : "exchange/no-reply";
}

function unanswered({ sent, malformed }: EchoTally): string {
  if (malformed > 0) return `The replies to ${packets(sent)} do not repeat what was sent`;
  return sent === 1 ? "The packet was not answered" : `None of ${packets(sent)} was answered`;
}

function packets(count: number): string {
  return count === 1 ? "1 packet" : `${count} packets`;
}
