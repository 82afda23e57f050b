/** SQL for milliseconds since the epoch, as an exact double, of a finite timestamptz. */
export function toMs(timestamptz: string): string {
  return `round(extract(epoch from ${timestamptz}) * 1000)::double precision`;
}

/** SQL for the timestamptz of milliseconds since the epoch given as a double. */
export function fromMs(milliseconds: string): string {
  return `to_timestamp(${milliseconds} / 1000)`;
}
