import type { Command } from './arguments.ts';
import { printAuditVerification } from './audit-command.ts';
import { printConfig } from './config-command.ts';
import { printDiagnosis } from './doctor.ts';
import { helpText } from './help.ts';
import { packageVersion } from './package-version.ts';
import type { Surroundings } from './surroundings.ts';

/** Every command that ends by itself; serving and mistakes are the caller's. */
export type SubCommand = Exclude<Command, { kind: 'serve' | 'mistake' }>;

/** Runs one sub-command and returns its exit code. */
export async function runSubCommand(command: SubCommand, surroundings: Surroundings): Promise<number> {
  switch (command.kind) {
    case 'doctor':
      return printDiagnosis(surroundings, command.container);
    case 'config':
      return printConfig(surroundings, command.json);
    case 'audit':
      return printAuditVerification(command, surroundings.write);
    case 'init': {
      // Brings a parser that the server has no use for.
      const { initClient } = await import('./init-command.ts');
      return initClient(command, surroundings);
    }
    case 'version':
      surroundings.write(`${packageVersion()}\n`);
      return 0;
    case 'help':
      surroundings.write(helpText());
      return 0;
  }
}
