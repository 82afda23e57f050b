/**
 * One setting has one name in three spellings. From the key `httpPort`: the variable
 * `ASSAY_HTTP_PORT`, the path `http_port` in assay.yaml and the flag `--http-port`.
 */
export function variableOf(key: string): string {
  return `ASSAY_${pathOf(key).toUpperCase()}`;
}

export function pathOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function flagOf(key: string): string {
  return `--${pathOf(key).replaceAll('_', '-')}`;
}
