/** A word of a command line and what stands between it and the next. */
export interface Word {
  readonly text: string;
  readonly quote: string;
  readonly gap: string;
}

/**
 * Cuts text at blanks as a shell would, as far as hiding needs it: a quote that opens a word keeps it together up to its partner. An
 * apostrophe inside a word (`don't`) is a letter. Joined with `joinWords` the text is the same again. Linear time.
 */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  const unpaired = new Set<string>();
  let at = 0;
  while (at < text.length || words.length === 0) {
    const end = wordEnd(text, at, unpaired);
    const next = gapEnd(text, end);
    words.push(toWord(text.slice(at, end), text.slice(end, next)));
    at = next;
  }
  return words;
}

export function joinWords(words: readonly Word[]): string {
  return words.map(({ text, quote, gap }) => quote + text + quote + gap).join('');
}

function toWord(raw: string, gap: string): Word {
  const quote = raw.length > 1 && /^["'`]/.test(raw) && raw.endsWith(raw.charAt(0)) ? raw.charAt(0) : '';
  return { text: quote === '' ? raw : raw.slice(1, -1), quote, gap };
}

function wordEnd(text: string, start: number, unpaired: Set<string>): number {
  const first = text.charAt(start);
  if (/["'`]/.test(first) && !unpaired.has(first)) {
    const partner = text.indexOf(first, start + 1);
    if (partner >= 0) return partner + 1;
    unpaired.add(first);
  }
  return indexOf(/\s/g, text, start);
}

function gapEnd(text: string, start: number): number {
  return indexOf(/\S/g, text, start);
}

function indexOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.exec(text)?.index ?? text.length;
}
