/** The document with what stands between its markers `<!-- name:begin -->` and `<!-- name:end -->` made anew. Throws where they are missing. */
export function withSection(document: string, name: string, content: string): string {
  const [before, after] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const begin = document.indexOf(before);
  const end = document.indexOf(after);
  if (begin < 0 || end < begin) throw new Error(`The document needs ${before} and, after it, ${after}`);
  return `${document.slice(0, begin + before.length)}\n\n${content}\n\n${document.slice(end)}`;
}
