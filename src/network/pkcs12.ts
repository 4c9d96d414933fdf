import type { SafeBag, SafeContents } from "pkijs";

/**
 * The certificates of a PKCS#12 store (DER, RFC 7292), in its order. Throws an error with a sentence for a person where
 * the content is none, the password is wrong, or the encryption is one of the old ones (RC2, 3DES) that Node's Web
 * Crypto does not have.
 */
export async function certificatesOfPkcs12(content: Buffer, password: string): Promise<readonly Buffer[]> {
  // Loading takes 100 ms, and few modules read such files.
  const { CertBag, PFX } = await import("pkijs");
  const bytes = new Uint8Array(content).buffer;
  const secret = new TextEncoder().encode(password).buffer;
  let store: InstanceType<typeof PFX>;
  try {
    store = PFX.fromBER(bytes);
  } catch (error) {
    throw new Error("It is neither PEM nor a certificate in DER nor PKCS#12", { cause: error });
  }
  try {
    await store.parseInternalValues({ password: secret, checkIntegrity: true });
    const safe = store.parsedValue?.authenticatedSafe;
    if (safe === undefined) return [];
    await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password: secret })) });
    const contents: readonly { readonly value: SafeContents }[] = safe.parsedValue.safeContents;
    return contents.flatMap(({ value }) => value.safeBags.flatMap(certificateOf));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The PKCS#12 store cannot be opened, perhaps for its password: ${reason}`, { cause: error });
  }

  function certificateOf({ bagValue }: SafeBag): readonly Buffer[] {
    const { parsedValue } = bagValue instanceof CertBag ? bagValue : {};
    return parsedValue === undefined ? [] : [Buffer.from(parsedValue.toSchema().toBER(false))];
  }
}
