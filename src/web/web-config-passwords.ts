import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { compare } from "bcryptjs";
import type { Secret } from "../settings/secret.ts";

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** By name, the bcrypt hash of each user's password. */
export type Users = ReadonlyMap<string, Secret>;

/**
 * Checks passwords against bcrypt hashes, which is slow on purpose: one at a time, the same login once for all who wait
 * for it, and a login that was right is remembered by a keyed digest until the users change.
 */
export class PasswordCheck {
  /** Of this process alone, so that a digest tells nothing about a password. */
  readonly #key = randomBytes(32);
  readonly #running = new Map<string, Promise<boolean>>();
  #last: Promise<unknown> = Promise.resolve();
  #right: { readonly users: Users; readonly digests: Map<string, Buffer> } = { users: new Map(), digests: new Map() };

  /** `busy` where too many other logins wait to be checked. */
  async check(users: Users, login: Login): Promise<"right" | "wrong" | "busy"> {
    const digest = this.#digest(users, login);
    if (this.#isKnown(users, { login, digest })) return "right";
    const id = digest.toString("hex");
    if (!this.#running.has(id) && this.#running.size >= MOST_WAITING) return "busy";
    const right = await (this.#running.get(id) ?? this.#run(id, () => matches(users, login)));
    if (right) this.#remember(users, { login, digest });
    return right ? "right" : "wrong";
  }

  #digest(users: Users, { user, password }: Login): Buffer {
    const hash = users.get(user)?.reveal() ?? "";
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([user, hash, password]))
      .digest();
  }

  #isKnown(users: Users, { login, digest }: { readonly login: Login; readonly digest: Buffer }): boolean {
    const known = this.#right.users === users ? this.#right.digests.get(login.user) : undefined;
    return known !== undefined && timingSafeEqual(known, digest);
  }

  /** One digest a user, so there are never more than there are users. */
  #remember(users: Users, { login, digest }: { readonly login: Login; readonly digest: Buffer }): void {
    if (this.#right.users !== users) this.#right = { users, digests: new Map() };
    this.#right.digests.set(login.user, digest);
  }

  #run(id: string, work: () => Promise<boolean>): Promise<boolean> {
    const turn = this.#last.then(work).finally(() => this.#running.delete(id));
    // Whoever asked hears of a defect through `turn`; the next in line must get its turn all the same.
    this.#last = turn.catch(() => undefined);
    this.#running.set(id, turn);
    return turn;
  }
}

/** At a cost of 10 these take about two seconds; whoever comes later is told to come back. */
const MOST_WAITING = 32;

/** A user that does not exist is compared with another's hash, so that the time taken does not tell. */
async function matches(users: Users, { user, password }: Login): Promise<boolean> {
  const own = users.get(user);
  const [stand] = users.values();
  const hash = own ?? stand;
  if (hash === undefined) return false;
  const right = await compare(password, hash.reveal());
  return right && own !== undefined;
}
