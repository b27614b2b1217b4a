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

/** The words of `argv` that make up `flag`. */
function findFlag(argv: Argv, flag: string): string | undefined {
  const [name = flag, ...values] = flag.split('=');
  const value = values.join('=');
  for (const [index, { text }] of argv.entries()) {
    if (text === flag || (values.length === 0 && text.startsWith(`${flag}=`))) return text;
    if (values.length > 0 && text === name && argv[index + 1]?.text === value) return `${name} ${value}`;
  }
  return undefined;
}
