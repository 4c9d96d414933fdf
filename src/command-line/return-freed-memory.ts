import type { Logger } from "./logger.ts";

/**
 * Asks the C library to give memory back to the system as soon as it is freed. The JavaScript engine's compiler and
 * collector take and free some megabytes in pieces all the time; glibc would keep 30 MB and more of them for later. Its
 * environment variables would do the same, but only for whoever sets them. Does nothing on systems without glibc.
 */
export async function returnFreedMemory(logger: Logger): Promise<void> {
  if (process.platform !== "linux") return;
  try {
    const { default: koffi } = await import("koffi");
    const setOption = koffi.load(null).func("int mallopt(int, int)");
    setOption(M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
    setOption(M_TRIM_THRESHOLD, TRIMMED_FROM_BYTES);
  } catch (error) {
    // Another C library, or a processor for which there is no build: the exporter works as well, with more memory.
    logger.log("debug", "Cannot tune the memory allocator", { reason: String(error) });
  }
}

/** From malloc.h. */
const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;

/** Blocks of this size are mapped one by one and go back when freed; the engine's larger pieces are of 16 and 32 KiB. */
const MAPPED_FROM_BYTES = 16 * 1024;

/** More free memory than this at the end of the heap goes back. */
const TRIMMED_FROM_BYTES = 64 * 1024;
