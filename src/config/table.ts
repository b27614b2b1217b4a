import { CONFIG_KEYS, factsOf } from './schema.ts';

/** A cell's text; a bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const WORDS = /^(unset|empty|false|true|DOCKER_)/;

function defaultCell(shown: string): string {
  return WORDS.test(shown) ? shown : `\`${shown}\``;
}

/** The documentation's table of every variable, in Markdown. */
export function configTable(): string {
  const rows = CONFIG_KEYS.map(factsOf).map(({ name, shownDefault, expected, doc }) =>
    [`\`${name}\``, defaultCell(shownDefault), expected, doc].map(cell).join(' | '),
  );
  return ['Variable | Default | Value | Meaning', '--- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |`)
    .join('\n');
}
