import { deny } from '../verdict.ts';
import type { ExecRule } from './rule.ts';

/**
 * Variables that change which program a name means, or make a program run code of the caller's: loaders (`LD_*`), shells
 * (`ENV`, `BASH_ENV`, `IFS`, …), interpreters' options and search paths, and programs that others start (`GIT_*`, `PAGER`, …).
 */
const VARIABLES = {
  loader: 'PATH LD_.* DYLD_.* GCONV_PATH GLIBC_TUNABLES LOCPATH NLSPATH HOSTALIASES RESOLV_HOST_CONF',
  shells:
    'ENV BASH_ENV BASH_FUNC_.* BASH_CMDS BASH_ALIASES BASH_LOADABLES_PATH BASHOPTS SHELLOPTS SHELL FPATH ZDOTDIR IFS PS[0-4] PROMPT_COMMAND CDPATH HOME FCEDIT EXECIGNORE',
  interpreters:
    'PERL5OPT PERL5LIB PERLLIB PERL5DB PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONINSPECT PYTHONBREAKPOINT PYTHONWARNINGS PYTHONEXECUTABLE PYTHONPLATLIBDIR PYTHONPYCACHEPREFIX NODE_OPTIONS NODE_PATH NODE_REPL_.* NPM_CONFIG_.* npm_config_.* RUBYOPT RUBYLIB GEM_.* PHP_INI_SCAN_DIR PHPRC LUA_.* JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS CLASSPATH AWKPATH AWKLIBPATH TCLLIBPATH R_PROFILE.* R_ENVIRON.* R_LIBS.*',
  started:
    'GIT_SSH.* GIT_EXTERNAL_DIFF GIT_PAGER GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_ASKPASS GIT_PROXY_COMMAND GIT_CONFIG.* GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_DIR SSH_ASKPASS RSYNC_RSH CVS_RSH TAR_OPTIONS MAKEFLAGS GNUMAKEFLAGS EDITOR VISUAL PAGER MANPAGER BROWSER LESSOPEN LESSCLOSE XDG_CONFIG_.*',
};

const CHANGES_WHAT_RUNS = new RegExp(`^(?:${Object.values(VARIABLES).join(' ').replaceAll(' ', '|')})$`);

/** In the list modes, refuses variables that would make an allowed command run something else, from `env` or set on the way. */
export const environment: ExecRule = (request, inside, policy) => {
  if (policy.mode === 'none') return undefined;
  const given = request.env.map((entry) => entry.split('=', 1)[0] ?? '');
  const name = [...given, ...inside.assigned].find((candidate) => CHANGES_WHAT_RUNS.test(candidate));
  if (name === undefined) return undefined;
  return deny(
    'command.environment',
    name,
    `The variable ${name} can change what a command runs, so it cannot be set while MCP_DOCKER_COMMAND_POLICY_MODE is ${policy.mode}`,
    'Run the command without it.',
  );
};
