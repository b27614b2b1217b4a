/** One thing wrong with the configuration, in the words its reader needs to mend it. */
export interface ConfigFault {
  /** The variable, or what else holds the value: `currentContext in /home/me/.docker/config.json`. */
  readonly name: string;
  /** Completes the sentence `expected …`. */
  readonly expected: string;
  /** The text given, already without secrets; absent where nothing was given or it may not be shown. */
  readonly given?: string;
  /** What exactly is wrong, where `expected` does not say it. */
  readonly detail?: string;
}

/** A configuration that cannot be used. The server does not start with it (exit code 2). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly ConfigFault[]) {
    super(faults.map(faultLine).join('\n'));
  }
}

const MAX_SHOWN = 80;
const MAX_DETAIL = 240;

function shortened(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/** The fault as one line: `NAME: expected …, got "…": detail`. */
export function faultLine(fault: ConfigFault): string {
  const given = fault.given === undefined ? '' : `, got ${JSON.stringify(shortened(fault.given, MAX_SHOWN))}`;
  const detail = fault.detail === undefined ? '' : `: ${shortened(fault.detail, MAX_DETAIL)}`;
  return `${fault.name}: expected ${fault.expected}${given}${detail}`.replace(/\s*[\r\n]+\s*/g, ' ');
}

/** An address as it may be shown: the password of `tcp://name:password@host` is hidden. */
export function withoutPassword(address: string): string {
  return address.replace(/^(.*?\/\/)?([^:@/]*):.*@/s, '$1$2:***@');
}
