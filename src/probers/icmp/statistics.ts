/** What a series of round trips comes to, in seconds; what takes two of them is undefined where there is one. */
export interface RoundTripStatistics {
  readonly minimum: number;
  readonly average: number;
  readonly maximum: number;
  /** Of the population, as ping(8) has it (`mdev`). */
  readonly standardDeviation: number | undefined;
  /** The mean difference between one round trip and the next. */
  readonly jitter: number | undefined;
}

/** Undefined where there is nothing to sum up. */
export function summarise(roundTrips: readonly number[]): RoundTripStatistics | undefined {
  if (roundTrips.length === 0) return undefined;
  const average = mean(roundTrips);
  const several = roundTrips.length > 1;
  return {
    minimum: Math.min(...roundTrips),
    average,
    maximum: Math.max(...roundTrips),
    standardDeviation: several ? Math.sqrt(mean(roundTrips.map((seconds) => (seconds - average) ** 2))) : undefined,
    jitter: several ? mean(differences(roundTrips)) : undefined,
  };
}

function differences(values: readonly number[]): readonly number[] {
  return values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? value)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
