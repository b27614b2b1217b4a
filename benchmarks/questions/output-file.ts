import type { TestContainer } from '../../test/engine/containers.ts';

export const BLOCK_BYTES = 1_000_000;
export const OUTPUT_FILE = '/tmp/output';

/** Writes a file of `blocks` equal blocks of lines into a container; returns the block. @throws Error if it cannot. */
export async function writeOutputFile(container: TestContainer, line: string, blocks: number): Promise<Buffer> {
  const content = blockOf(line);
  const copies = `for i in $(seq ${blocks}); do cat ${OUTPUT_FILE}.block; done > ${OUTPUT_FILE}`;
  const script = `cat > ${OUTPUT_FILE}.block; ${copies}; chmod 644 ${OUTPUT_FILE}`;
  const { code, stderr } = await container.exec(['sh', '-c', script], { input: content, flags: ['-i'] });
  if (code !== 0) throw new Error(`The output to stream could not be written: ${stderr}`);
  return content;
}

/** Whole lines, filled up with newlines, so that no character is cut where blocks meet. */
function blockOf(line: string): Buffer {
  const lines = line.repeat(Math.floor(BLOCK_BYTES / Buffer.byteLength(line)));
  return Buffer.concat([Buffer.from(lines), Buffer.alloc(BLOCK_BYTES, '\n')], BLOCK_BYTES);
}
