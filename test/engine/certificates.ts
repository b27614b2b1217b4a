import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCertificatePrograms } from './prerequisites.ts';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate authority in a folder of its own: `ca.pem` and its key. */
export interface Authority {
  readonly folder: string;
  readonly certificate: string;
}

/** Files in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface Subject {
  readonly name: string;
  readonly usage: 'serverAuth' | 'clientAuth';
  /** As openssl's subjectAltName: `IP:127.0.0.1`. */
  readonly names?: string;
  /** Days until it expires; negative: it has. */
  readonly days?: number;
}

/** Makes an authority that signs for a few days; all of them have the same name. */
export function createAuthority(folder: string): Authority {
  ensureCertificatePrograms();
  mkdirSync(folder, { recursive: true });
  const certificate = join(folder, 'ca.pem');
  const made = ['-keyout', join(folder, 'ca-key.pem'), '-out', certificate];
  openssl('req', '-x509', ...NEW_KEY, '-days', '2', '-subj', '/CN=Test CA', ...made);
  return { folder, certificate };
}

/** A key with a certificate that the authority signed. */
export function issue({ folder, certificate }: Authority, { name, usage, names, days = 2 }: Subject): Pair {
  const file = (ending: string): string => join(folder, `${name}${ending}`);
  const [cert, key, request, extensions] = [file('.pem'), file('-key.pem'), file('.csr'), file('.ext')];
  writeFileSync(extensions, `extendedKeyUsage=${usage}\n${names === undefined ? '' : `subjectAltName=${names}\n`}`);
  openssl('req', '-new', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', key, '-out', request);
  const signer = ['-CA', certificate, '-CAkey', join(folder, 'ca-key.pem'), '-CAcreateserial'];
  openssl('x509', '-req', '-in', request, ...signer, '-days', String(days), '-extfile', extensions, '-out', cert);
  return { cert, key };
}

/** Fills a folder as DOCKER_CERT_PATH names one, without a client certificate where no `client` is given. */
export function writeClientFiles(folder: string, { certificate }: Authority, client?: Pair): string {
  mkdirSync(folder, { recursive: true });
  copyFileSync(certificate, join(folder, 'ca.pem'));
  if (client === undefined) return folder;
  copyFileSync(client.cert, join(folder, 'cert.pem'));
  copyFileSync(client.key, join(folder, 'key.pem'));
  return folder;
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
