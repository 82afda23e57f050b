const HEX_SPAN_ID = /^(?:0x)?([0-9a-fA-F]{16})$/;

/** 16 lower-case hex digits, from hex or from base64; any other id as it came. */
export function toSpanId(id: string): string {
  return base64ToHex(id, 8) ?? HEX_SPAN_ID.exec(id)?.[1]?.toLowerCase() ?? id;
}

/** undefined unless the text is padded base64 of exactly that many bytes. */
export function base64ToHex(text: string, bytes: number): string | undefined {
  const padding = '='.repeat((3 - (bytes % 3)) % 3);
  if (text.length !== Math.ceil(bytes / 3) * 4 || !text.endsWith(padding)) return undefined;
  const digits = text.slice(0, text.length - padding.length);
  if (!/^[A-Za-z0-9+/]*$/.test(digits)) return undefined;
  return Array.from(atob(text), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(
    '',
  );
}
