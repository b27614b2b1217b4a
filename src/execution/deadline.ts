/**
 * Does `work`, whose signal aborts with a TimeoutError after `ms`. Not by AbortSignal.timeout, which keeps all that listens to it, read
 * buffers of ended streams among it, until the time has passed.
 */
export async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('The deadline has passed.', 'TimeoutError')), ms);
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}
