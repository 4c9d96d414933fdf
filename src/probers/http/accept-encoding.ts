/**
 * Whether an `Accept-Encoding` header lets a server answer in `compression`, judged as blackbox_exporter does: the
 * first entry, by descending quality, that is the encoding or `*` decides (RFC 9110 §12.5.3).
 */
export function admitsCompression(header: string, compression: string): boolean {
  if (compression === "" || header === "") return true;
  const entries = header.split(",").map(readEntry);
  const ranked = entries.toSorted((left, right) => right.quality - left.quality);
  const deciding = ranked.find(({ encoding }) => encoding === compression || encoding === "*");
  return deciding !== undefined && deciding.quality > 0;
}

function readEntry(entry: string): { readonly encoding: string; readonly quality: number } {
  const separator = entry.lastIndexOf(";");
  if (separator === -1) return { encoding: entry.trim(), quality: 1 };
  const quality = Number.parseFloat(
    entry
      .slice(separator + 1)
      .trim()
      .replace(/^q=/u, ""),
  );
  return { encoding: entry.slice(0, separator).trim(), quality: Number.isNaN(quality) ? 0 : quality };
}
