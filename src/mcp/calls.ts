import type { RequestId } from '@modelcontextprotocol/sdk/types.js';
import { Cancelled } from '../protocol/cancelled.ts';

/**
 * The calls that are being answered, by request id. The SDK keeps such a list too, but its cancellation ignores request id
 * 0, and it lets handlers run on when the client is gone.
 */
export class ActiveCalls {
  readonly #calls = new Map<RequestId, AbortController>();
  #idle: (() => void) | undefined;

  begin(id: RequestId): AbortSignal {
    const controller = new AbortController();
    this.#calls.set(id, controller);
    return controller.signal;
  }

  end(id: RequestId): void {
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#idle?.();
  }

  cancel(id: RequestId): void {
    this.#calls.get(id)?.abort(new Cancelled('The client cancelled the request.'));
  }

  cancelAll(reason: Cancelled): void {
    for (const controller of this.#calls.values()) controller.abort(reason);
  }

  /** Resolves when no call is being answered any more. */
  async idle(): Promise<void> {
    if (this.#calls.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }
}
