import { styleText } from 'node:util';

export type Channel = 'stdout' | 'stderr';
type Style = Parameters<typeof styleText>[0];

const LONGEST_LINE = 110;

/** What the demo writes: headings, requests, output of both channels apart, and what was seen to hold. */
export interface Screen {
  title(text: string, facts: readonly string[]): void;
  heading(text: string): void;
  request(tool: string, args: object): void;
  /** One line of a run's output; `margin` is what is known at that moment, such as the bytes so far. */
  output(channel: Channel, line: string, margin?: string): void;
  note(text: string): void;
  /** Something that was promised, and checked. */
  holds(text: string): void;
  fails(text: string): void;
}

/** Colours on a terminal, unless NO_COLOR says no; plain lines elsewhere. */
export function wantsColours(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}

/** A screen that writes lines to `write`. */
export function createScreen(write: (text: string) => void, colours: boolean): Screen {
  const paint = (style: Style, text: string): string => (colours ? styleText(style, text) : text);
  const line = (text: string): void => write(`${text}\n`);
  let headings = 0;
  return {
    title: (text, facts) => line(`\n${paint('bold', text)}\n${facts.map((fact) => paint('dim', fact)).join('\n')}`),
    heading: (text) => {
      headings += 1;
      line(`\n${paint(['bold', 'cyan'], `${headings}  ${text}`)}`);
    },
    request: (tool, args) => line(`   ${paint('bold', tool)} ${paint('dim', JSON.stringify(args))}`),
    output: (channel, text, margin = '') => {
      const style = channel === 'stdout' ? 'green' : 'yellow';
      line(`   ${paint('dim', margin)}${paint(style, `${channel} │ ${shortened(visible(text))}`)}`);
    },
    note: (text) => line(paint('dim', `   ${text}`)),
    holds: (text) => line(`   ${paint('green', '✓')} ${text}`),
    fails: (text) => line(`   ${paint(['bold', 'red'], '✗')} ${text}`),
  };
}

function shortened(text: string): string {
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}

/** Output of a container is not to steer this terminal. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}

/** `1.2 MB`, in powers of ten. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Time since the start, bytes so far and their rate, in columns. */
export function progressText(bytes: number, ms: number): string {
  const seconds = `${(ms / 1000).toFixed(1)} s`.padStart(6);
  const rate = `${bytesText(Math.round((bytes * 1000) / Math.max(ms, 1)))}/s`.padStart(11);
  return `${seconds} ${bytesText(bytes).padStart(8)} ${rate}  `;
}
