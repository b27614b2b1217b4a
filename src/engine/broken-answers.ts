import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import http from 'node:http';

/** Node publishes every answer to a request of this thread here, once its head is read. */
const ANSWERS = 'http.client.response.finish';

/**
 * Makes a request fail whose answer breaks off in its body. docker-modem listens to requests alone, not to their answers, and
 * would wait for the rest for ever. Returns how to stop looking at this agent's answers.
 */
export function failBrokenAnswers(agent: http.Agent): () => void {
  const onAnswer = (message: unknown): void => {
    if (typeof message !== 'object' || message === null) return;
    const request: unknown = Reflect.get(message, 'request');
    const response: unknown = Reflect.get(message, 'response');
    if (!(request instanceof http.ClientRequest && response instanceof http.IncomingMessage)) return;
    if (Reflect.get(request, 'agent') !== agent) return;
    response.once('error', (error) => request.emit('error', error));
  };
  subscribe(ANSWERS, onAnswer);
  return () => void unsubscribe(ANSWERS, onAnswer);
}
