import { boolean, oneOf, text, wholeNumber } from '../values/scalar.ts';
import { optionalVariable, variable } from '../variable.ts';

/** What is written down, how output is shown, and how the server itself runs. */
export const observeVariables = {
  audit: variable('MCP_DOCKER_AUDIT', boolean, true, 'Write an audit record of every call'),
  auditFile: optionalVariable('MCP_DOCKER_AUDIT_FILE', text('a file path'), 'File of the audit records, JSON lines', {
    shownDefault: 'unset (stderr)',
  }),
  auditRetentionDays: variable(
    'MCP_DOCKER_AUDIT_RETENTION_DAYS',
    wholeNumber(1, 3650),
    30,
    'Days after which rotated audit files are removed',
  ),
  auditOnError: variable(
    'MCP_DOCKER_AUDIT_ON_ERROR',
    oneOf(['deny', 'warn']),
    'deny',
    'Whether a call that cannot be audited is refused or only warned of',
  ),
  sanitize: variable(
    'MCP_DOCKER_SANITIZE',
    oneOf(['none', 'ansi', 'strict']),
    'none',
    'Which characters of output that steer a terminal or hide text are made visible',
  ),
  metricsPort: optionalVariable(
    'MCP_DOCKER_METRICS_PORT',
    wholeNumber(1, 65_535),
    'Port on 127.0.0.1 that serves Prometheus metrics',
  ),
  logLevel: variable(
    'MCP_DOCKER_LOG_LEVEL',
    oneOf(['debug', 'info', 'warn', 'error']),
    'info',
    'Least important level that is logged to stderr',
  ),
  structuredLogs: variable('MCP_DOCKER_STRUCTURED_LOGS', boolean, true, 'Log JSON lines; false logs lines for people'),
  dryRun: variable('MCP_DOCKER_DRY_RUN', boolean, false, 'Check and log commands without running them'),
  native: variable(
    'MCP_DOCKER_NATIVE',
    oneOf(['auto', 'require', 'off']),
    'auto',
    'Use of the native demuxer; require fails without it, off uses the JavaScript one',
  ),
};
