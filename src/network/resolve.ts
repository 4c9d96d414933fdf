/** An address to dial, as text without brackets. */
export interface Address {
  readonly ip: string;
  readonly family: 4 | 6;
}

export interface ResolveOptions {
  /** The family to prefer, and whether the other will do (`preferred_ip_protocol`, `ip_protocol_fallback`). */
  readonly preferred: 4 | 6;
  readonly fallback: boolean;
  /** DNS servers to ask instead of the system's (`address` or `address:port`); empty for the system's. */
  readonly servers: readonly string[];
  readonly signal: AbortSignal;
  /**
   * `first`: addresses of the preferred family are enough, so a server that is silent about the other family costs
   * nothing. `all` (the default): those of both, for whoever chooses among them.
   */
  readonly wanted?: "first" | "all";
}

export interface Resolver {
  /**
   * The addresses of a host, never none, in the order in which they may be dialled: literals as they are, then the
   * hosts file, then DNS. Throws `ProbeFailure` of phase `resolve`.
   */
  resolve(host: string, options: ResolveOptions): Promise<readonly Address[]>;
  /** This host's DNS servers, `address` or `address:port`; never none. */
  servers(): readonly string[];
}
