import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { collectReport, type ServerReport } from "../../src/agent/collect-report.ts";
import { readMountPoints } from "../../src/agent/mount-points.ts";
import { readNetworkCounters } from "../../src/agent/network-counters.ts";
import { readProcessorTimes } from "../../src/agent/processor-times.ts";
import { readReport } from "../../src/probers/server/read-report.ts";

const FILES = {
  "proc/uptime": "1234.56 2000.00\n",
  "proc/loadavg": "0.52 0.58 0.59 2/1000 12345\n",
  "proc/stat":
    "cpu  100 0 50 700 50 10 20 70 30 0\ncpu0 50 0 25 350 25 5 10 35 15 0\ncpu1 50 0 25 350 25 5 10 35 15 0\nintr 1\n",
  "proc/meminfo": "MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  400 kB\nSwapTotal:  10 kB\nSwapFree:  5 kB\n",
  "proc/1/mounts": "/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\n",
  "proc/1/net/dev":
    "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n  eth0: 1000 10 0 0 0 0 0 0 2000 20 0 0 0 0 0 0\n",
  "etc/hostname": "# Of the system\nweb-1\n",
  "etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie) with a long name"\n',
};

void test("a system's figures are read from the kernel's files", async (context) => {
  const root = await lay(context, FILES);

  const report = await collectReport({ proc: join(root, "proc"), root });

  const { file_systems: fileSystems, sent_at: sentAt, agent, kernel, ...rest } = report;
  assert.deepEqual(rest, {
    hostname: "web-1",
    operating_system: "Debian GNU/Linux 13 (trixie) wit",
    uptime: 1234.56,
    load_average: [0.52, 0.58, 0.59],
    cpu: { count: 2, total_seconds: 10, idle_seconds: 7.5 },
    memory: { total_bytes: 1_024_000, available_bytes: 409_600 },
    swap: { total_bytes: 10_240, free_bytes: 5_120 },
    network: [{ device: "eth0", receive_bytes: 1000, transmit_bytes: 2000 }],
  });
  assert.ok(Array.isArray(fileSystems) && fileSystems.length === 1);
  assert.deepEqual([typeof sentAt, typeof agent, typeof kernel], ["number", "string", "string"]);
});

void test("a system without a file of its name or release is told by the kernel's", async (context) => {
  const { "etc/hostname": _hostname, "etc/os-release": _release, ...files } = FILES;
  const root = await lay(context, files);

  const report = await collectReport({ proc: join(root, "proc"), root });

  assert.deepEqual([report["hostname"], report["operating_system"]], [hostname(), "Linux"]);
});

void test("file systems are looked for under the root that is given", async (context) => {
  const root = await lay(context, {
    ...FILES,
    "proc/1/mounts": "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /srv xfs rw 0 0\n",
  });
  const sizesOf = async (): Promise<unknown> => {
    const { file_systems: fileSystems } = await collectReport({ proc: join(root, "proc"), root });
    return Array.isArray(fileSystems) && fileSystems.map(({ mountpoint }: { mountpoint: string }) => mountpoint);
  };

  assert.deepEqual(await sizesOf(), ["/"]);
  await mkdir(join(root, "srv"));
  assert.deepEqual(await sizesOf(), ["/", "/srv"]);
});

void test("names that no report can hold are reported in a form that it can, and told of", async (context) => {
  const long = `/${"x".repeat(150)}/${"y".repeat(150)}`;
  const root = await lay(context, {
    ...FILES,
    "proc/1/mounts": `/dev/a / ext4 rw 0 0\n/dev/b /a\\011b\u0001\u0085 xfs rw 0 0\n/dev/c ${long} xfs rw 0 0\n`,
    "proc/1/net/dev": "head\nhead\n  e\u0001h: 1000 10 0 0 0 0 0 0 2000 20 0 0 0 0 0 0\n",
  });
  await mkdir(join(root, "a\tb\u0001\u0085"));
  await mkdir(join(root, long), { recursive: true });
  const renamed: string[] = [];

  const report = await collectReport(
    { proc: join(root, "proc"), root },
    { onRenamed: (_, reported) => renamed.push(reported) },
  );

  const read = readReport(JSON.stringify(report));
  assert.ok("figures" in read, JSON.stringify(read));
  const odd = ["/a\\011b\\001\\302\\205", `${long.slice(0, 254)}…`];
  assert.deepEqual(
    read.figures.fileSystems.map(({ mountpoint }) => mountpoint),
    ["/", ...odd],
  );
  assert.deepEqual(
    read.figures.network.map(({ device }) => device),
    ["e\\001h"],
  );
  assert.deepEqual(renamed.toSorted(), [...odd, "e\\001h"].toSorted());
});

void test("a system that has been up for more than five years may report", async (context) => {
  const root = await lay(context, { ...FILES, "proc/uptime": "315360000.25 2000.00\n" });

  const read = readReport(JSON.stringify(await collectReport({ proc: join(root, "proc"), root })));

  assert.ok("figures" in read, JSON.stringify(read));
  assert.equal(read.figures.uptimeSeconds, 315_360_000.25);
});

void test("what is read of this very system is a report that an exporter takes", {
  skip: process.platform !== "linux",
}, async () => {
  const report: ServerReport = await collectReport({ proc: "/proc", root: "/" });

  const read = readReport(JSON.stringify(report));

  assert.ok(!("problem" in read), JSON.stringify(read));
});

void test("guest times count once, and idle includes waiting for disks", () => {
  assert.deepEqual(readProcessorTimes("cpu  1 2 3 4 5 6 7 8 100 100\ncpu0 1 2 3 4 5 6 7 8 100 100\n"), {
    count: 1,
    totalSeconds: 0.36,
    idleSeconds: 0.09,
  });
  assert.equal(readProcessorTimes("nothing"), undefined);
});

void test("file systems of this machine are watched, each once, those over the network and in memory not", () => {
  const mounts = [
    "/dev/sda1 / ext4 rw 0 0",
    "/dev/sda1 /var/lib/bind ext4 rw 0 0",
    "tank/home /home zfs rw 0 0",
    "/dev/sdb1 /srv/my\\040data xfs rw 0 0",
    "server:/x /mnt nfs4 rw 0 0",
    "tmpfs /run tmpfs rw 0 0",
    "/dev/loop0 /snap/x squashfs ro 0 0",
    "overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0",
  ].join("\n");

  assert.deepEqual(readMountPoints(mounts), ["/", "/home", "/srv/my data"]);
  assert.deepEqual(readMountPoints("overlay / overlay rw 0 0\n"), ["/"]);
});

void test("devices of containers and the loopback are left out", () => {
  const counters = readNetworkCounters(
    ["lo", "veth12", "docker0", "br-1", "wlan0", "bond0"].map(deviceLine).join("\n"),
  );

  assert.deepEqual(
    counters.map(({ device, receiveBytes, transmitBytes }) => [device, receiveBytes, transmitBytes]),
    [
      ["wlan0", 1, 2],
      ["bond0", 1, 2],
    ],
  );
});

function deviceLine(device: string): string {
  return `${device}:1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0`;
}

async function lay(context: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "agent-"));
  context.after(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}
