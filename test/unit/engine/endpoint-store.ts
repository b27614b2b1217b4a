import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ContextFiles {
  readonly host?: string;
  readonly skipTlsVerify?: boolean;
  /** Text of `ca.pem` and so on. */
  readonly pem?: Readonly<Record<string, string>>;
}

/** A Docker configuration directory, laid out as the Docker CLI writes it. */
export class DockerDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'endpoint-'));

  write(relative: string, text: string): string {
    const path = join(this.path, relative);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  addContext(name: string, { host, skipTlsVerify = false, pem = {} }: ContextFiles): void {
    const id = createHash('sha256').update(name).digest('hex');
    const docker = { ...(host === undefined ? {} : { Host: host }), SkipTLSVerify: skipTlsVerify };
    const meta = { Name: name, Metadata: {}, Endpoints: { docker } };
    this.write(`contexts/meta/${id}/meta.json`, JSON.stringify(meta));
    for (const [file, text] of Object.entries(pem)) this.write(`contexts/tls/${id}/docker/${file}`, text);
  }

  use(name: string): void {
    this.write('config.json', JSON.stringify({ auths: {}, currentContext: name }));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
