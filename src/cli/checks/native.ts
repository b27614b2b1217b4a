import type { Config } from '../../config/schema.ts';
import type { NativeFacts } from '../surroundings.ts';
import { type Check, messageOf } from './check.ts';

const BUILD =
  'All works without it, more slowly. Install the package anew; in a checkout run npm run build:native; or set MCP_DOCKER_NATIVE=off.';

function fallback({ reason }: NativeFacts, mode: Config['native']): Check {
  if (mode === 'off') return { name: 'native module', status: 'ok', detail: 'off, as MCP_DOCKER_NATIVE says' };
  const why = reason === undefined ? '' : `: ${reason}`;
  return { name: 'native module', status: 'warn', detail: `the slower JavaScript one is used${why}`, mend: BUILD };
}

/** `load` throws where the module is required and not there. */
export function checkNative(mode: Config['native'], load: () => NativeFacts): Check {
  try {
    const found = load();
    return found.kind === 'native' ? { name: 'native module', status: 'ok', detail: 'loaded' } : fallback(found, mode);
  } catch (thrown) {
    return { name: 'native module', status: 'fail', detail: messageOf(thrown), mend: BUILD };
  }
}
