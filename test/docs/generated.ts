import { serverJson } from '../../packaging/server-json.ts';
import { configTable } from '../../src/config/table.ts';
import { corpusTable } from '../security/table.ts';
import { clientSections, installButtons } from './clients.ts';
import { withSection } from './section.ts';
import { terminationTable } from './termination.ts';

/** Documents with a part that comes from the code. */
export const GENERATED: readonly { readonly path: string; readonly renew: (document: string) => string }[] = [
  { path: 'README.md', renew: (document) => withSection(document, 'install', installButtons()) },
  { path: 'docs/clients.md', renew: (document) => withSection(document, 'clients', clientSections()) },
  { path: 'docs/configuration.md', renew: (document) => withSection(document, 'config', configTable()) },
  { path: 'docs/termination.md', renew: (document) => withSection(document, 'termination', terminationTable()) },
  { path: 'SECURITY.md', renew: (document) => withSection(document, 'corpus', corpusTable()) },
  { path: 'server.json', renew: serverJson },
];
