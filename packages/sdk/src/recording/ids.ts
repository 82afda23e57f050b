/** As many random bytes in hex. */
function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** 32 hex digits: an OpenTelemetry trace id. MLflow's has `tr-` before it. */
export function newOtelTraceId(): string {
  return randomHex(16);
}

/** 16 hex digits. */
export function newSpanId(): string {
  return randomHex(8);
}
