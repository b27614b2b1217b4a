import { chooseDemuxer } from '../../src/frames/choose.ts';

/** Both keep one contract: every case runs over each. */
export const IMPLEMENTATIONS = [
  ['native', chooseDemuxer('require').create],
  ['javascript', chooseDemuxer('off').create],
] as const;
