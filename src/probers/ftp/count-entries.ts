import { parseList } from "basic-ftp";

/**
 * How many files and directories a listing names, in any of the forms that servers write (of `ls`, of DOS, of MLSD);
 * `.` and `..` do not count. Undefined for a listing that is in none of them, so that nothing can be said of it.
 */
export function countEntries(listing: string): number | undefined {
  try {
    return parseList(listing).length;
  } catch {
    // The library has no other way to say that it knows no such form, or that a date in it is none.
    return undefined;
  }
}
