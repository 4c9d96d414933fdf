/** Keeps the newest token of a module's OAuth2 client, as long as it is valid and accepted. */
export class TokenCache {
  #held: { readonly token: string; readonly expiresAt: number } | undefined;

  /** The token, where it is still good at `now` (Unix milliseconds). */
  get(now: number): string | undefined {
    return this.#held !== undefined && now < this.#held.expiresAt ? this.#held.token : undefined;
  }

  /** Holds a token until `expiresAt` (Unix milliseconds). */
  put(token: string, expiresAt: number): void {
    this.#held = { token, expiresAt };
  }

  /** Forgets a token that the target refused. */
  drop(): void {
    this.#held = undefined;
  }

  toJSON(): string {
    return "<secret>";
  }
}
