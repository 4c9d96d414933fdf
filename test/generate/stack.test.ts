import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load, loadAll } from "js-yaml";
import { z } from "zod";
import { readCommandLine } from "../../src/command-line/flags.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The part of a DaemonSet that is looked at. */
const AGENT = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ args: z.array(z.string()) })) }) }),
  }),
});

/** The part of Compose's format that compose.yaml needs: anything else in it is a mistake. */
const SERVICE = z.strictObject({
  build: z.strictObject({ context: z.literal("."), target: z.string() }).optional(),
  image: z
    .string()
    .regex(/^[\w./-]+:v?\d+\.\d+\.\d+$/)
    .optional(),
  network_mode: z.literal("service:status-exporter").optional(),
  command: z.array(z.string().startsWith("--")).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  sysctls: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
});
const COMPOSE = z.strictObject({ services: z.record(z.string(), SERVICE), volumes: z.record(z.string(), z.null()) });

void test("compose.yaml runs the exporter's stage of the Dockerfile and images of a fixed version, in one network", () => {
  const { "status-exporter": exporter, ...others } = readCompose().services;

  assert.deepEqual(Object.keys(others), ["prometheus", "alertmanager", "grafana"]);
  assert.equal(exporter?.build?.target, "demo");
  for (const { image, network_mode: network } of Object.values(others)) {
    assert.deepEqual([typeof image, network], ["string", "service:status-exporter"]);
  }
});

void test("compose.yaml mounts what is there, without leave to write, and volumes that it declares", () => {
  const { services, volumes } = readCompose();
  const mounts = Object.values(services).flatMap((service) => service.volumes ?? []);

  assert.ok(mounts.length > 0);
  for (const mount of mounts) {
    const [source = "", , mode] = mount.split(":");
    if (source.startsWith("./")) assert.deepEqual([existsSync(`${ROOT}/${source}`), mode], [true, "ro"], mount);
    else assert.ok(Object.hasOwn(volumes, source), mount);
  }
});

void test("compose.yaml publishes each part's port, to this machine only, and the parts find each other there", () => {
  const { services } = readCompose();
  const prometheus = read("config/prometheus/prometheus.yml");

  assert.deepEqual(
    services["status-exporter"]?.ports,
    [9115, 9090, 9093, 3000].map((port) => `127.0.0.1:${port}:${port}`),
  );
  assert.match(stageOf("demo"), /"test\/demo\.ts", "--serve", "--host=0\.0\.0\.0", "--port=9115"\]/);
  assert.match(prometheus, /url: http:\/\/localhost:9115\/services/);
  assert.match(prometheus, /alertmanagers:\n +- static_configs:\n +- targets: \[localhost:9093\]/);
  assert.equal(services["grafana"]?.environment?.["PROMETHEUS_URL"], "http://localhost:9090");
});

void test("the Dockerfile copies what is there and what .dockerignore lets through", () => {
  const [, ...allowed] = read(".dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const sources = [...read("Dockerfile").matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = ""]) =>
    list.split(" "),
  );

  assert.ok(sources.includes("test"));
  for (const source of sources) {
    assert.ok(existsSync(`${ROOT}/${source}`), source);
    assert.ok(allowed.includes(`!${source.split("/")[0]}`), source);
  }
});

void test("the image that is built where no stage is named is the exporter's", () => {
  const stages = [...read("Dockerfile").matchAll(/^FROM \S+(?: AS (\w+))?$/gm)].map(([, name]) => name);

  assert.deepEqual(stages, ["build", "demo", undefined]);
});

void test("the agent of the DaemonSet, and that of the documents, are given flags that it has", () => {
  const documents = read("docs/servers.md");
  const commands = [
    AGENT.parse(load(read("config/kubernetes/agent.yaml"))).spec.template.spec.containers[0]?.args ?? [],
    /^ +command:\n((?: +- .*\n)+)/m.exec(documents)?.[1]?.match(/(?<=- ).*/g) ?? [],
    /^ +status-exporter (report (?:.*\\\n)*.*)$/m.exec(documents)?.[1]?.split(/[ \\\n]+/) ?? [],
  ];

  for (const command of commands) {
    const commandLine = readCommandLine(command);
    const paths = [commandLine.text("path.procfs"), commandLine.text("path.rootfs")];
    assert.deepEqual([...commandLine.positionals, ...paths], ["report", "/host/proc", "/host"]);
    for (const name of ["to", "server", "token-file"] as const) assert.notEqual(commandLine.text(name), "");
  }
});

void test("every file of the stack is YAML", () => {
  const files = ["compose.yaml", ...yamlFilesIn("config/kubernetes"), ...yamlFilesIn("dashboards/provisioning")];

  assert.ok(files.length > 4);
  for (const file of files) assert.doesNotThrow(() => loadAll(read(file)), file);
});

function readCompose(): z.infer<typeof COMPOSE> {
  return COMPOSE.parse(load(read("compose.yaml")));
}

function stageOf(name: string): string {
  return (
    read("Dockerfile")
      .split(new RegExp(`^FROM .* AS ${name}$`, "m"))[1]
      ?.split(/^FROM /m)[0] ?? ""
  );
}

function read(file: string): string {
  return readFileSync(`${ROOT}/${file}`, "utf8");
}

function yamlFilesIn(folder: string): readonly string[] {
  return readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`);
}
