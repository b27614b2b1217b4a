import { RE2JS } from 're2js';

/** A linear-time test whether a line has a match (RE2 syntax); a pattern that came this far was compiled once before. */
export function compileLineFilter(pattern: string): (line: string) => boolean {
  const compiled = RE2JS.compile(pattern);
  return (line) => compiled.matcher(line).find();
}
