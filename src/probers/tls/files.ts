import { constants, glob, open, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";
import type { CertificateFacts } from "../../network/certificate.ts";
import { type CertificateFile, readCertificateFile } from "../../network/certificate-file.ts";
import { type CertificateFinding, PROBLEM_OUTCOMES } from "../../network/certificate-finding.ts";
import { certificatesOfPkcs12 } from "../../network/pkcs12.ts";
import { ProbeFailure } from "../../outcome/probe-failure.ts";
import type { ProbeContext } from "../../probe/prober.ts";
import { patternProblem } from "./pattern-problem.ts";
import type { ProberSettings } from "./settings.ts";

/** More than a hundred files are more than one answer should hold; a bundle of all authorities has 300 KB. */
const MOST_FILES = 100;
const LARGEST_FILE_BYTES = 1024 * 1024;
/** Series for each certificate; a bundle of authorities has more than anybody wants to see. */
const MOST_MEASURED = 10;

/**
 * Judges the certificates in the files that fit a pattern, in phase `tls`. A name is not judged and neither is trust.
 * Throws `ProbeFailure`: `request/parameter-missing` where there is no such file or it may not be read.
 */
export async function probeFiles(pattern: string, settings: ProberSettings, context: ProbeContext): Promise<void> {
  await context.during("tls", async () => {
    const paths = await findFiles(pattern, { folders: settings.folders, signal: context.signal });
    const failures: ProbeFailure[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    for (const path of paths) {
      context.signal.throwIfAborted();
      const file = await readFile(path, settings);
      measureFile(path, file, context);
      earliest = Math.min(earliest, ...file.certificates.map(({ notAfter }) => notAfter).filter(isNumber));
      const found = file.findings.find(({ problem, state }) => state === "present" && settings.failOn.has(problem));
      if (found !== undefined) failures.push(failureOf(path, found));
    }
    if (Number.isFinite(earliest)) context.measure("probe_ssl_earliest_cert_expiry", earliest);
    const [first] = failures;
    if (first !== undefined) throw first;
  });
}

function isNumber(value: number): boolean {
  return !Number.isNaN(value);
}

/** The files that fit and that lie in one of the folders, whatever links within these lead to. */
async function findFiles(pattern: string, { folders, signal }: Places): Promise<readonly string[]> {
  if (folders.length === 0) throw wrong("Files are read only by a module with file_folders");
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw wrong(problem);
  const roots = await Promise.all(folders.map((folder) => resolved(folder)));
  const found: string[] = [];
  // Nobody waits for a walk through the whole disk, least of all when the probe's time is over.
  const exclude = (path: string): boolean => signal.aborted || !leadsTo(path, [...folders, ...roots]);
  for await (const path of glob(pattern, { exclude })) {
    const real = await resolved(path);
    // Whether a file outside the folders exists is nobody's business either.
    if (!roots.some((root) => isWithin(real, root)) || (await isFolder(real))) continue;
    if (found.length === MOST_FILES) throw wrong(`Expected at most ${MOST_FILES} files, found more`);
    found.push(path);
  }
  signal.throwIfAborted();
  if (found.length === 0) throw wrong(`No file in file_folders fits ${JSON.stringify(pattern.slice(0, 200))}`);
  return found.toSorted();
}

interface Places {
  readonly folders: readonly string[];
  readonly signal: AbortSignal;
}

/** Whether a path lies in a folder or on the way to one. Names alone, without the folder they lie in, are not judged. */
function leadsTo(path: string, folders: readonly string[]): boolean {
  return !path.startsWith(sep) || folders.some((folder) => isWithin(path, folder) || isWithin(folder, path));
}

function isWithin(path: string, folder: string): boolean {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(start) || path === folder || path + sep === folder;
}

async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw wrong(`Cannot read ${JSON.stringify(path)}: ${messageOf(error)}`, error);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw wrong(`Cannot read ${JSON.stringify(path)}: ${messageOf(error)}`, error);
  }
}

async function readFile(path: string, { filePassword }: ProberSettings): Promise<CertificateFile> {
  const content = await readBounded(path);
  const extract = (store: Buffer) => certificatesOfPkcs12(store, filePassword?.reveal() ?? "");
  try {
    return await readCertificateFile(content, { now: Date.now() / 1000, extract });
  } catch (error) {
    const detail = `Cannot use ${JSON.stringify(path)}: ${messageOf(error)}`;
    throw new ProbeFailure("tls/certificate-invalid", { detail, cause: error });
  }
}

/** Never waits for a pipe or a device. */
async function readBounded(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await file.stat();
    if (size > LARGEST_FILE_BYTES) throw new Error(`It has more than ${LARGEST_FILE_BYTES} bytes`);
    const content = Buffer.alloc(size);
    const { bytesRead } = await file.read(content, 0, size, 0);
    return content.subarray(0, bytesRead);
  } catch (error) {
    throw wrong(`Cannot read ${JSON.stringify(path)}: ${messageOf(error)}`, error);
  }
}

function measureFile(file: string, { certificates, findings }: CertificateFile, context: ProbeContext): void {
  context.measure("probe_tls_file_certificates", certificates.length, { file });
  for (const { problem, state } of findings) {
    context.measure("probe_tls_file_problem", state === "present" ? 1 : 0, { file, problem });
  }
  for (const [position, certificate] of certificates.slice(0, MOST_MEASURED).entries()) {
    measureCertificate(certificate, { file, position: String(position), context });
  }
}

function measureCertificate(
  certificate: CertificateFacts,
  { file, position, context }: { readonly file: string; readonly position: string; readonly context: ProbeContext },
): void {
  const { notBefore, notAfter } = certificate;
  if (isNumber(notBefore)) {
    context.measure("probe_tls_file_certificate_not_before_timestamp_seconds", notBefore, { file, position });
  }
  if (isNumber(notAfter)) {
    context.measure("probe_tls_file_certificate_not_after_timestamp_seconds", notAfter, { file, position });
  }
  context.measure("probe_tls_file_certificate_info", 1, {
    file,
    position,
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialnumber: certificate.serialNumber,
    fingerprint_sha256: certificate.fingerprintSha256,
  });
}

function failureOf(path: string, { problem, detail }: CertificateFinding): ProbeFailure {
  return new ProbeFailure(PROBLEM_OUTCOMES[problem], { detail: `${path}: ${detail}` });
}

function wrong(detail: string, cause?: unknown): ProbeFailure {
  return new ProbeFailure("request/parameter-missing", { detail, cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
