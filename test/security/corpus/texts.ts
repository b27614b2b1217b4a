/** A text with a secret in it, and what must not be left of it. */
export interface SecretCase {
  readonly name: string;
  readonly text: string;
  readonly secret: string;
}

const AWS = 'AKIAIOSFODNN7EXAMPLE';
const GITHUB = `ghp_${'a1B2'.repeat(9)}`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

function secret(name: string, before: string, hidden: string, after = ''): SecretCase {
  return { name, text: `${before}${hidden}${after}`, secret: hidden };
}

export const SECRETS: readonly SecretCase[] = [
  secret('a password variable', 'DB_PASSWORD=', 'hunter2'),
  secret('a token variable', 'API_TOKEN=', 'abc123def'),
  secret('a variable in camel case', 'dbPassword: ', 'hunter2'),
  secret('a value with spaces', 'SECRET_KEY="', 'two words', '"'),
  secret('JSON', '{"password": "', 'hunter2', '"}'),
  secret('escaped JSON', '{\\"client_secret\\":\\"', 'hunter2', '\\"}'),
  secret('an option', 'tool --password ', 'hunter2', ' x'),
  secret('an option with =', 'tool --api-key=', 'hunter2', ' x'),
  secret('mysql -p', 'mysql -uroot -p', 'hunter2', ' db'),
  secret('curl -u', 'curl -u user:', 'hunter2', ' http://x'),
  secret('redis-cli -a', 'redis-cli -a ', 'hunter2', ' get x'),
  secret('a URL', 'postgres://app:', 'hunter2', '@db/x'),
  secret('a URL with a slash in the password', 'postgres://app:', 'hun/ter2', '@db/x'),
  secret('a bearer', 'Authorization: Bearer ', 'abcdef0123456789'),
  secret('an AWS key', 'id is ', AWS, '.'),
  secret('a GitHub token', 'use ', GITHUB, ' here'),
  secret('a JWT', 'got ', JWT, ' back'),
  secret('a private key', '-----BEGIN RSA PRIVATE KEY-----\n', 'MIIEpAIBAAKCAQEA', '\n-----END RSA PRIVATE KEY-----'),
  secret('a private key that was cut off', '-----BEGIN PRIVATE KEY-----\n', 'MIIEpAIBAAKCAQEA'),
  secret('a query', 'http://x/?access_token=', 'hunter2', '&a=1'),
];

/** Text that would forge a line, or act on whoever reads it. */
export const HOSTILE: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'a newline and a forged record', text: 'x\n{"event":"finished","outcome":"exited"}' },
  { name: 'a carriage return', text: 'denied\rallowed' },
  { name: 'colours', text: '\u001b[31mred\u001b[0m' },
  { name: 'a cleared screen', text: '\u001b[2J\u001b[H' },
  { name: 'a link (OSC 8)', text: '\u001b]8;;http://evil\u0007click\u001b]8;;\u0007' },
  { name: 'a title (OSC 0)', text: '\u001b]0;title\u0007' },
  { name: 'C1 controls', text: '\u009b31mred\u0085next' },
  { name: 'DEL and backspace', text: 'allowed\u007f\b\b' },
  { name: 'text from right to left', text: 'user \u202etoor\u202c' },
  { name: 'bidi isolates', text: '\u2066a\u2069' },
  { name: 'line and paragraph separators', text: 'a\u2028b\u2029c' },
];
