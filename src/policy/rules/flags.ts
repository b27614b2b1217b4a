import type { Argv } from '../look/finding.ts';
import { deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';

/** MCP_DOCKER_DENIED_FLAGS, in every command that can be seen: `--net=host`, `--net host`, and `--privileged` with any value. */
export const deniedFlags: ExecRule = (_request, inside, policy) => {
  for (const flag of policy.deniedFlags) {
    const part = inside.argvs.map((argv) => findFlag(argv, flag)).find((found) => found !== undefined);
    if (part !== undefined) {
      return deny(
        'command.flags',
        part,
        `The flag ${flag} is denied`,
        'Leave it out. MCP_DOCKER_DENIED_FLAGS lists the denied flags.',
      );
    }
  }
  return undefined;
};

/** The docker CLI's other names of a flag. */
const ALIASES: Readonly<Record<string, string>> = { '--net': '--network', '--network': '--net' };

/** The words of `argv` that make up `flag`. */
function findFlag(argv: Argv, flag: string): string | undefined {
  const [name = flag, ...values] = flag.split('=');
  const value = values.join('=');
  for (const [index, { text }] of argv.entries()) {
    if (!text.startsWith('-')) continue;
    const given = withName(text, name);
    if (given === flag || (values.length === 0 && given.startsWith(`${flag}=`))) return text;
    if (values.length > 0 && given === name && argv[index + 1]?.text === value) return `${text} ${value}`;
  }
  return undefined;
}

/** `text` under the name that the denied flag has. */
function withName(text: string, name: string): string {
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  if (alias === undefined || !text.startsWith(alias)) return text;
  const rest = text.slice(alias.length);
  return rest === '' || rest.startsWith('=') ? `${name}${rest}` : text;
}
