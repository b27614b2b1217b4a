/** What was found, as the JSON escapes of its code units. For replacing what acts on a terminal within a line of JSON. */
export function asEscapes(found: string): string {
  return found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
