import { REDACTED } from './keys.ts';

/**
 * Tokens known by their shape, wherever they stand. A part that may be long is never followed by something that can
 * fail behind it, and a lookbehind forbids a start inside a word: so the time is linear in the text.
 */
const TOKENS = new RegExp(
  [
    '(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])', // AWS
    '(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\\w{20,})', // GitHub
    '(?<![A-Za-z0-9])gl(?:pat|ptt|dt|rt|cbt)-[\\w-]{16,}', // GitLab
    '(?<![A-Za-z0-9])(?:xox[a-z]|xapp)-[\\w-]{10,}', // Slack
    '(?<=hooks\\.slack\\.com/services/)[\\w/]{10,}',
    '(?<![\\w-])eyJ[\\w-]{5,}\\.[\\w-]+\\.[\\w-]*', // JWT
    '(?<![A-Za-z0-9])AIza[\\w-]{35}', // Google
    '(?<![A-Za-z0-9])ya29\\.[\\w-]{20,}',
    '(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,}', // Stripe
    '(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}',
    '(?<![\\w-])sk-[\\w-]{20,}', // OpenAI, Anthropic
    '(?<![A-Za-z0-9])(?:dckr_pat_|pypi-AgE|hvs\\.|SWMTKN-1-|AGE-SECRET-KEY-1)[\\w-]{20,}',
    '(?<![A-Za-z0-9])(?:hf_|dop_v1_)[A-Za-z0-9]{30,}',
    '(?<![A-Za-z0-9])SG\\.[\\w-]{16,64}\\.[\\w-]{16,}', // SendGrid
  ].join('|'),
  'g',
);

/** A private key in PEM; one that was cut off before its END is hidden too. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-(?!----)[^-]*)*(?:-----END [A-Z0-9 ]{0,60}-----)?/g;

/**
 * `scheme://user:password@`. A password with an unescaped slash is found as well, as long as what follows the colon is
 * no port.
 */
const URL_PASSWORD =
  /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/[^\s/?#@:"'`]*:)(?:[^\s/?#"'`]+|(?!\d{1,5}[/?#])[^\s"'`]{1,256}?)@/gi;

const BEARER = /(?<![\w-])(Bearer\s{1,8})[\w.~+/=-]{8,}/gi;

/** Hides what is a secret by its own form: tokens, private keys, passwords in URLs. */
export function redactShapes(text: string): string {
  return text
    .replace(PRIVATE_KEY, REDACTED)
    .replace(URL_PASSWORD, `$1${REDACTED}@`)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(TOKENS, REDACTED);
}
