import { z } from "zod";
import { isOneLine } from "../../network/line-dialogue.ts";
import { byteSize } from "../../settings/byte-size.ts";
import { type MailSettings, mailShape, readMailSettings } from "../../settings/mail-settings.ts";
import { text } from "../../settings/text.ts";
import { yamlBoolean } from "../../settings/yaml-boolean.ts";

/** A module's `ftp` block, decoded. */
export interface FtpSettings {
  readonly mail: MailSettings;
  /** What to do after the login, each only if the module asks for it, in this order. */
  readonly directory: string | undefined;
  readonly list: boolean;
  /** The file whose size is asked for. */
  readonly sizeOf: string | undefined;
  readonly download: Download | undefined;
  readonly upload: Upload | undefined;
}

export interface Download {
  readonly path: string;
  /** When this many bytes have come, the rest is not waited for. */
  readonly limitBytes: number;
}

export interface Upload {
  readonly bytes: number;
}

/** A path goes over the line as part of a command. */
const path = text.refine(isOneLine, "expected a path without line ends and NUL").optional();

/** Reads the `ftp` block of a module. */
export const ftpSettings: z.ZodType<FtpSettings> = z
  .strictObject({
    ...mailShape,
    change_directory: path,
    list: yamlBoolean.optional(),
    size: path,
    download: path,
    download_limit: byteSize.optional(),
    upload: yamlBoolean.optional(),
    upload_size: byteSize.optional(),
  })
  .transform((raw, context): FtpSettings => {
    const download = filled(raw.download);
    const limitBytes = raw.download_limit ?? DEFAULT_LIMIT_BYTES;
    return {
      mail: readMailSettings(raw, { context }),
      directory: filled(raw.change_directory),
      list: raw.list ?? false,
      sizeOf: filled(raw.size),
      download: download === undefined ? undefined : { path: download, limitBytes: limitBytes || Infinity },
      upload: raw.upload === true ? { bytes: raw.upload_size ?? DEFAULT_UPLOAD_BYTES } : undefined,
    };
  });

/** Takes long enough to tell a speed, and no link's whole capacity. */
const DEFAULT_LIMIT_BYTES = 1024 * 1024;

/** Enough to find a disk that is full. */
const DEFAULT_UPLOAD_BYTES = 1024;

/** An empty string counts as unset. */
function filled(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
