import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config/fault.ts';

/** What a TLS connection to the engine needs; texts are PEM. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

export type TlsFiles = Omit<TlsSettings, 'rejectUnauthorized'>;

/** A directory of PEM files, and the variable or file that named it. */
export interface TlsDirectory {
  readonly path: string;
  readonly origin: string;
  /** Whether `ca.pem` must be there, as with DOCKER_TLS_VERIFY. */
  readonly caRequired: boolean;
}

const FILES = {
  ca: { file: 'ca.pem', expected: 'a readable PEM certificate', check: (pem: string) => new X509Certificate(pem) },
  cert: { file: 'cert.pem', expected: 'a readable PEM certificate', check: (pem: string) => new X509Certificate(pem) },
  key: { file: 'key.pem', expected: 'a readable PEM private key without passphrase', check: createPrivateKey },
} as const;

/** The file's text, undefined where it does not exist. Throws a ConfigError where it exists but is of no use. */
function readPem(directory: TlsDirectory, part: keyof typeof FILES): string | undefined {
  const { file, expected, check } = FILES[part];
  const path = join(directory.path, file);
  try {
    const pem = readFileSync(path, 'utf8');
    check(pem);
    return pem;
  } catch (thrown) {
    const missing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    if (missing && !(part === 'ca' && directory.caRequired)) return undefined;
    const detail = `${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    throw new ConfigError([{ name: directory.origin, expected: `${expected} in ${file}`, detail }]);
  }
}

function assertPair(directory: TlsDirectory, cert: string | undefined, key: string | undefined): void {
  if ((cert === undefined) === (key === undefined)) return;
  const missing = cert === undefined ? FILES.cert.file : FILES.key.file;
  const detail = `${join(directory.path, missing)} is missing`;
  throw new ConfigError([{ name: directory.origin, expected: 'cert.pem and key.pem together', detail }]);
}

/** Reads and checks ca.pem, cert.pem and key.pem. Files that are not there are left out, as the Docker CLI does. */
export function readTlsFiles(directory: TlsDirectory): TlsFiles {
  const ca = readPem(directory, 'ca');
  const cert = readPem(directory, 'cert');
  const key = readPem(directory, 'key');
  assertPair(directory, cert, key);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
