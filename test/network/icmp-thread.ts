import { parentPort, workerData } from "node:worker_threads";
import { createIcmpClient } from "../../src/network/icmp-client.ts";
import { makePlan } from "./icmp-plan.ts";

/** A thread that tells how many replies it got, and is then in the middle of the next probe. */
const client = createIcmpClient({ methods: [workerData === "raw" ? "raw" : "datagram"] });
const { signal } = new AbortController();
const { replies } = await (await client.start(makePlan(), { signal })).finished();
const endless = await client.start(makePlan({ packets: 1_000, intervalSeconds: 1 }), { signal });
void endless.finished();
parentPort?.postMessage(replies.length);
