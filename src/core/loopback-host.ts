/** Whether a host name means this machine only: `localhost`, `127.x.x.x` or `::1`, with brackets or without. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|\[?::1\]?|127(?:\.\d{1,3}){3})$/i.test(host);
}
