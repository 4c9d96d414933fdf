/** The value of `grpc-timeout`: a whole number of at most eight digits and its unit, milliseconds or seconds. */
export function timeoutHeader(seconds: number): string {
  const milliseconds = Math.max(1, Math.ceil(seconds * 1000));
  if (milliseconds <= MOST) return `${milliseconds}m`;
  return `${Math.min(MOST, Math.ceil(seconds))}S`;
}

const MOST = 99_999_999;
