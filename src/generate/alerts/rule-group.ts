/** An alerting rule as Prometheus reads it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression has to hold, in Prometheus' notation; absent: at once. */
  readonly for?: string;
  /** How long the alert goes on when the expression no longer holds; absent: not at all. */
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A recording rule as Prometheus reads it. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** Rules that Prometheus evaluates one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}
