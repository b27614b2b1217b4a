import type net from 'node:net';
import type { Answer } from './answers.ts';
import type { FakeExec } from './containers.ts';
import type { Fault, Position, Sending } from './faults.ts';
import { type Request, RequestReader } from './requests.ts';

const RESET_AFTER_MS = 2;

/** An answer with what goes wrong with it. */
export interface Planned {
  readonly answer: Answer;
  readonly fault: Fault | undefined;
  readonly hijackedBy: FakeExec | undefined;
}

/** One connection to the fake engine: takes requests, sends answers as their faults say. */
export class Connection {
  readonly #socket: net.Socket;
  readonly #plan: (request: Request) => Planned;
  readonly #reader = new RequestReader();
  #waiting = true;

  constructor(socket: net.Socket, plan: (request: Request) => Planned) {
    this.#socket = socket;
    this.#plan = plan;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      this.#reader.push(bytes);
      this.#answerNext();
    });
  }

  /** Whether it waits for a request: every other open connection is one the server still has to give up. */
  get idle(): boolean {
    return this.#waiting;
  }

  close(): void {
    this.#socket.destroy();
  }

  #answerNext(): void {
    const request = this.#waiting ? this.#reader.next() : undefined;
    if (request === undefined) return;
    this.#waiting = false;
    const { answer, fault, hijackedBy } = this.#plan(request);
    const wanted = fault?.answer ?? answer;
    const sent = request.method === 'HEAD' ? headOnly(wanted) : wanted;
    this.#send(sent, fault?.sending ?? { kind: 'whole' }, hijackedBy);
  }

  #send(answer: Answer, sending: Sending, exec: FakeExec | undefined): void {
    const finish = (): void => this.#finish(answer, exec);
    if (sending.kind === 'stop') this.#sendPart(answer, sending);
    else if (sending.kind === 'whole') this.#socket.write(answer.bytes, finish);
    else this.#dribble(answer.bytes, 0, finish);
  }

  #sendPart({ bytes, bodyAt }: Answer, { at, after }: Extract<Sending, { kind: 'stop' }>): void {
    const part = bytes.subarray(0, offset(at, bodyAt));
    this.#socket.write(part, () => {
      if (after === 'end') this.#socket.end();
      if (after === 'reset') this.#reset();
    });
  }

  /** Not at once: with data before it in one read, a reset looks like an end to Node. */
  #reset(): void {
    setTimeout(() => {
      if (this.#socket.remoteAddress === undefined) this.#socket.destroy();
      else this.#socket.resetAndDestroy();
    }, RESET_AFTER_MS);
  }

  #dribble(bytes: Buffer, at: number, finish: () => void): void {
    if (at === bytes.length) finish();
    else this.#socket.write(bytes.subarray(at, at + 1), () => setImmediate(() => this.#dribble(bytes, at + 1, finish)));
  }

  #finish({ after }: Answer, exec: FakeExec | undefined): void {
    if (after === 'keep') {
      this.#waiting = true;
      this.#answerNext();
    }
    if (after === 'end') this.#socket.end();
    if (after === 'open') exec?.onKill(() => this.#socket.end());
  }
}

function offset(at: Position, bodyAt: number): number {
  return at === 'body' ? bodyAt : at;
}

function headOnly(answer: Answer): Answer {
  return { ...answer, bytes: answer.bytes.subarray(0, answer.bodyAt) };
}
