/** More alternatives than this are not written out. */
const MAX_FORMS = 64;
/** Stands for text that may be anything, slashes included. */
const ANYTHING = '**';

/**
 * The words a shell makes of `/{proc,tmp}/1`; ranges (`{a..z}`) become `*`. What would be too many has `**` in the place of its
 * braces. Braces that were quoted are taken for unquoted ones: more forms are looked at, never fewer.
 */
export function expandBraces(text: string): string[] {
  if (!text.includes('{')) return [text];
  let forms = [text];
  while (forms.length <= MAX_FORMS) {
    const index = forms.findIndex((form) => INNERMOST.test(form));
    if (index === -1) return forms;
    forms = forms.flatMap((form, at) => (at === index ? expandOne(form) : [form]));
  }
  const open = text.indexOf('{');
  return [`${text.slice(0, open)}${ANYTHING}${text.slice(text.lastIndexOf('}') + 1)}`];
}

/** A brace expansion without another inside; `${x}` is none. */
const INNERMOST = /(?<!\$)\{([^{}]*(?:,|\.\.)[^{}]*)\}/;

function expandOne(form: string): string[] {
  const match = INNERMOST.exec(form);
  if (match === null) return [form];
  const before = form.slice(0, match.index);
  const after = form.slice(match.index + match[0].length);
  const inside = match[1] ?? '';
  const alternatives = inside.includes(',') ? inside.split(',') : ['*'];
  return alternatives.map((one) => before + one + after);
}
