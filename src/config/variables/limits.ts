import { wholeNumber } from '../values/scalar.ts';
import { optionalVariable, variable } from '../variable.ts';

const DAY_MS = 86_400_000;

/** Sizes, places and times. */
export const limitVariables = {
  maxBytes: variable(
    'MCP_DOCKER_MAX_BYTES',
    wholeNumber(1024, 67_108_864),
    1_048_576,
    'Bytes of output a run keeps, both channels together; the middle is left out beyond it',
  ),
  // Clients built on the MCP SDK drop the connection above 10 MiB.
  maxMessageBytes: variable(
    'MCP_DOCKER_MAX_MESSAGE_BYTES',
    wholeNumber(65_536, 10_485_760),
    8_388_608,
    'Bytes of the largest result message',
  ),
  chunkBytes: variable(
    'MCP_DOCKER_CHUNK_BYTES',
    wholeNumber(256, 1_048_576),
    16_384,
    'Bytes of the largest streamed chunk, unless a call says otherwise',
  ),
  maxConcurrent: variable(
    'MCP_DOCKER_MAX_CONCURRENT',
    wholeNumber(1, 1000),
    10,
    'Commands running at once; log streams have as many places of their own',
  ),
  maxQueue: variable(
    'MCP_DOCKER_MAX_QUEUE',
    wholeNumber(0, 100_000),
    1000,
    'Calls that may wait for a place, first in first out; more get QUEUE_FULL',
  ),
  timeoutMs: optionalVariable(
    'MCP_DOCKER_TIMEOUT_MS',
    wholeNumber(1, DAY_MS),
    'Milliseconds after which a command is killed, unless a call says otherwise',
  ),
  killGraceMs: variable(
    'MCP_DOCKER_KILL_GRACE_MS',
    wholeNumber(0, 60_000),
    2000,
    'Milliseconds between TERM and KILL when a command is stopped',
  ),
};
