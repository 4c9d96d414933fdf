import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { connect } from "../../src/network/connect.ts";
import { LineDialogue } from "../../src/network/line-dialogue.ts";
import { ProbeFailure } from "../../src/outcome/probe-failure.ts";
import { writeForever } from "../faults/servers/answers.ts";
import { startStreamServer } from "../faults/servers/stream-server.ts";
import { writeInPieces } from "../probers/tcp/write-in-pieces.ts";
import { eventually } from "../support/eventually.ts";

void test("reads line by line, with CR LF or LF alone at their ends", async () => {
  await converse(
    (socket) => socket.end("one\r\ntwo\n\r\nthr\ree\r\n"),
    async (dialogue) => {
      assert.equal(await dialogue.readLine(), "one");
      assert.equal(await dialogue.readLine(), "two");
      assert.equal(await dialogue.readLine(), "");
      assert.equal(await dialogue.readLine(), "thr\ree");
    },
  );
});

void test("puts lines together from parts of one byte, also where a character is split", async () => {
  const bytes = [...Buffer.from("250-né\r\n250 ok\r\n")];
  await converse(
    (socket) => writeBytes(socket, bytes),
    async (dialogue) => assert.deepEqual(await dialogue.readLines((line) => line[3] === " "), ["250-né", "250 ok"]),
  );
});

void test("reads a line of 8192 bytes and refuses one that is longer", async () => {
  await converse(
    (socket) => socket.write(`${"x".repeat(8190)}\r\n${"y".repeat(8191)}\r\n`),
    async (dialogue) => {
      assert.equal((await dialogue.readLine()).length, 8190);
      await assert.rejects(dialogue.readLine(), failure("exchange/malformed", /at most 8192 bytes/u));
    },
  );
});

void test("refuses a line without end", async () => {
  await converse(
    (socket) => writeForever(socket, "x".repeat(1000)),
    (dialogue) => assert.rejects(dialogue.readLine(), failure("exchange/malformed", /at most 8192 bytes/u)),
  );
});

for (const [title, line] of [
  ["lines", "250-x\r\n"],
  ["bytes", `250-${"x".repeat(4000)}\r\n`],
] as const) {
  void test(`refuses a reply of too many ${title}`, async () => {
    await converse(
      (socket) => writeForever(socket, line.repeat(20)),
      (dialogue) =>
        assert.rejects(
          dialogue.readLines(() => false),
          failure("exchange/malformed", /at most 1000 lines/u),
        ),
    );
  });
}

void test("says that the peer closed the connection, and whether that was in the middle of a line", async () => {
  await converse(
    (socket) => socket.end(),
    (dialogue) => assert.rejects(dialogue.readLine(), failure("exchange/closed", /connection$/u)),
  );
  await converse(
    (socket) => socket.end("250 o"),
    (dialogue) => assert.rejects(dialogue.readLine(), failure("exchange/closed", /in the middle of a line$/u)),
  );
});

void test("reads so many bytes as they are, and no more than 64 KiB", async () => {
  await converse(
    (socket) => writeInPieces(socket, ["ab", "\r\ncd rest", "\r\n"]),
    async (dialogue) => {
      assert.equal((await dialogue.readBytes(6)).toString(), "ab\r\ncd");
      assert.equal(await dialogue.readLine(), " rest");
      await assert.rejects(dialogue.readBytes(65_537), failure("exchange/malformed", /at most 65536 bytes/u));
    },
  );
});

for (const text of ["USER prober\r\nQUIT", "USER prober\nQUIT", "USER prober\rQUIT", "USER prober\0"]) {
  void test(`sends nothing of ${JSON.stringify(text)}, which is more than a line`, async () => {
    const received: string[] = [];
    await converse(
      (socket) => socket.on("data", (chunk) => received.push(chunk.toString())),
      async (dialogue) => {
        await assert.rejects(dialogue.sendLine(text), failure("request/parameter-missing", /second command/u));
        await dialogue.sendLine("NOOP");
        await eventually(() => assert.equal(received.join(""), "NOOP\r\n"));
      },
    );
  });
}

void test("hands the socket over where nothing is pending, and listens to it no more", async () => {
  await converse(
    (socket) => socket.write("220 go\r\n"),
    async (dialogue, socket) => {
      await dialogue.readLine();
      assert.equal(dialogue.handOver(), socket);
      assert.equal(socket.listenerCount("readable"), 0);
    },
  );
});

void test("does not hand the socket over where something came that nobody asked for", async () => {
  await converse(
    (socket) => socket.write("220 go\r\n250 mine\r\n"),
    async (dialogue) => {
      await dialogue.readLine();
      assert.throws(() => dialogue.handOver(), failure("exchange/malformed", /found 10 bytes/u));
    },
  );
});

void test("a farewell waits for the answer, for the end, or for as long as it may", async () => {
  await converse(
    (socket) => socket.once("data", () => socket.write("221 bye\r\n")),
    async (dialogue) => assert.equal(await dialogue.sendFarewell("QUIT", { patienceSeconds: 5 }), "more"),
  );
  await converse(
    (socket) => socket.once("data", () => socket.end()),
    async (dialogue) => assert.equal(await dialogue.sendFarewell("QUIT", { patienceSeconds: 5 }), "end"),
  );
  await converse(
    () => undefined,
    async (dialogue) => assert.equal(await dialogue.sendFarewell("QUIT", { patienceSeconds: 0.05 }), "nothing"),
  );
});

void test("sending after the peer has ended the connection says that it did", async () => {
  await converse(
    (socket) => socket.end(),
    async (dialogue, socket) => {
      await assert.rejects(dialogue.readLine());
      await eventually(() => assert.ok(socket.writableEnded));
      await assert.rejects(dialogue.sendLine("NOOP"), failure("exchange/closed", /closed the connection/u));
    },
  );
});

void test("a socket that dies with its signal ends the wait", async () => {
  const controller = new AbortController();
  await converse(
    () => undefined,
    async (dialogue) => {
      const reading = dialogue.readLine();
      controller.abort(new Error("enough"));
      await assert.rejects(reading, /enough/u);
    },
    controller.signal,
  );
});

/** A dialogue with a server that does as it is told. */
async function converse(
  serve: (socket: Socket) => unknown,
  talk: (dialogue: LineDialogue, socket: Socket) => Promise<unknown>,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  await using server = await startStreamServer(serve);
  const socket = await connect({ ip: server.host, port: server.port }, { signal });
  using dialogue = new LineDialogue(socket);
  try {
    await talk(dialogue, socket);
  } finally {
    socket.destroy();
  }
}

function writeBytes(socket: Socket, [byte, ...others]: readonly number[]): void {
  if (byte === undefined || socket.destroyed) return;
  socket.write(Buffer.of(byte));
  setImmediate(() => setImmediate(() => writeBytes(socket, others)));
}

function failure(outcome: string, detail: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProbeFailure, String(error));
    assert.equal(error.outcome, outcome);
    assert.match(error.detail, detail);
    return true;
  };
}
