/** The text of a Java properties file. Keys and values here hold no character that needs escaping. */
export function toProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
