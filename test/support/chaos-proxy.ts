/** A network between two programs of this machine that goes wrong as it is told: it loses, doubles, delays and damages what passes. */
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { LoopbackServer } from '@longshore/adapters/testing';
import type { Answer, Damage, Fate, Heard } from './fate.js';

/** Which way nothing passes. */
export type Cut = 'both' | 'answers';

export class ChaosProxy extends LoopbackServer {
  /** Decides about each request; everything passes, where nobody says otherwise. */
  decide: (heard: Heard) => Fate = () => ({});
  /** Told of every answer that came from the other side, whether it is passed on or not. */
  onAnswer: (heard: Heard, answer: Answer) => void = () => undefined;
  /** Everything that was asked, in order, without what was in it. */
  readonly seen: Pick<Heard, 'method' | 'path'>[] = [];
  readonly counts = { delayed: 0, lost: 0, doubled: 0, damaged: 0, refused: 0 };

  private readonly closing = new AbortController();
  private readonly silent = new Set<ServerResponse>();
  private cut: { way: Cut; over: PromiseWithResolvers<void> } | undefined;

  private constructor(private readonly target: string) {
    super();
  }

  /** @param target address of the program behind it */
  static before(target: string): Promise<ChaosProxy> {
    return new ChaosProxy(target).listen();
  }

  /** From now on nothing passes; what was sent meanwhile arrives once it is mended, as TCP would send it again. */
  cutOff(way: Cut = 'both'): void {
    this.cut ??= { way, over: Promise.withResolvers() };
  }

  mend(): void {
    this.cut?.over.resolve();
    this.cut = undefined;
  }

  /** Ends all trouble; whoever still waits for an answer that never comes learns that it is lost. */
  calm(): void {
    this.decide = () => ({});
    this.mend();
    for (const response of this.silent) response.socket?.resetAndDestroy();
    this.silent.clear();
  }

  /** Does this with the next requests the condition holds for, and then what it did before. */
  next(times: number, holds: (heard: Heard) => boolean, fate: Fate): void {
    const before = this.decide;
    let left = times;
    this.decide = (heard) => {
      if (left === 0 || !holds(heard)) return before(heard);
      left -= 1;
      return fate;
    };
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort();
    this.mend();
    await super[Symbol.asyncDispose]();
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Node closes what stays silent for minutes; here silence is on purpose.
    request.socket.setTimeout(0);
    response.on('error', () => undefined);
    const { method = 'GET', url: path = '/', rawHeaders: headers } = request;
    const heard = { method, path, headers, body: await buffer(request) };
    this.seen.push({ method, path });
    const fate = this.decide(heard);
    this.count(fate);

    await this.wait(fate.afterMs);
    await this.passable('requests');
    if (fate.arrives === 'never') return this.reply(heard, response, undefined, fate.answer ?? 'silence');
    if (fate.arrives === 'twice') void this.deliverAgain(heard, fate);
    const answer = await this.deliver(heard, this.hungUp(response));
    await this.passable('answers');
    this.reply(heard, response, answer, fate.answer);
  }

  private reply(heard: Heard, response: ServerResponse, answer: Answer | undefined, fate?: Fate['answer']): void {
    if (fate === 'silence') this.silent.add(response.once('close', () => this.silent.delete(response)));
    else if (!response.destroyed) reply(heard, response, answer, fate);
  }

  private async deliverAgain(heard: Heard, { againAfterMs }: Fate): Promise<void> {
    try {
      await this.wait(againAfterMs);
      await this.passable('requests');
      await this.deliver(heard, this.closing.signal);
    } catch {
      // Nobody waits for the second answer.
    }
  }

  private deliver(heard: Heard, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method, path, body } = heard;
      const headers = endToEnd(heard.headers);
      const passed = send(new URL(path, this.target), { method, agent: false, signal });
      for (const [name, values] of grouped(headers))
        passed.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
      passed.once('error', reject).once('response', (message) => {
        const { statusCode: status = 0, rawHeaders } = message;
        buffer(message).then((content) => {
          const answer = { status, headers: endToEnd(rawHeaders), body: content };
          this.onAnswer(heard, answer);
          resolve(answer);
        }, reject);
      });
      passed.end(body);
    });
  }

  /** A client that hangs up is noticed on the other side, unless the network is cut: then that side goes on waiting. */
  private hungUp(response: ServerResponse): AbortSignal {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableEnded) void this.passable('requests').then(() => gone.abort());
    });
    return AbortSignal.any([gone.signal, this.closing.signal]);
  }

  private async passable(what: 'requests' | 'answers'): Promise<void> {
    while (this.cut && (this.cut.way === 'both' || what === 'answers')) await this.cut.over.promise;
  }

  private async wait(ms = 0): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.closing.signal });
  }

  private count({ afterMs, arrives, answer }: Fate): void {
    if (afterMs) this.counts.delayed += 1;
    if (arrives === 'twice') this.counts.doubled += 1;
    if (typeof answer === 'object') this.counts.refused += 1;
    else if (arrives === 'never' || answer === 'silence' || answer === 'reset') this.counts.lost += 1;
    else if (answer !== undefined) this.counts.damaged += 1;
  }
}

function reply({ method }: Heard, response: ServerResponse, answer: Answer | undefined, fate?: Fate['answer']): void {
  if (typeof fate === 'object') {
    response.writeHead(fate.status, { 'content-type': fate.type, 'content-length': Buffer.byteLength(fate.text) });
    response.end(method === 'HEAD' ? undefined : fate.text);
    return;
  }
  if (fate === 'reset' || !answer) {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = answer;
  const sent = damaged(body, fate);
  const promised = fate === 'half' || fate === 'short' ? body.length + (fate === 'short' ? 64 : 0) : sent.length;
  // The answer to HEAD tells a length without having one.
  const length = method === 'HEAD' ? [] : ['content-length', String(promised)];
  response.writeHead(status, [...(method === 'HEAD' ? headers : without(headers, ['content-length'])), ...length]);
  response.flushHeaders();
  if (fate === 'half') response.write(sent, () => response.socket?.resetAndDestroy());
  else if (fate === 'short') response.write(sent, () => response.socket?.end());
  else response.end(sent);
}

function damaged(body: Buffer, fate: Damage | undefined): Buffer {
  if (fate === 'half' || fate === 'cut-text') return body.subarray(0, Math.floor(body.length / 2));
  if (fate !== 'flipped' || body.length === 0) return body;
  const wrong = Buffer.from(body);
  const middle = Math.floor(wrong.length / 2);
  wrong.writeUInt8(wrong.readUInt8(middle) ^ 1, middle);
  return wrong;
}

const hopByHop = ['connection', 'keep-alive', 'transfer-encoding', 'expect'];

/** Headers as they came, Host included, because requests to S3 are signed over it; but for those that speak of one connection only. */
function endToEnd(headers: string[]): string[] {
  return without(headers, hopByHop);
}

function without(headers: string[], names: readonly string[]): string[] {
  return headers.filter((_, index) => !names.includes((headers[index - (index % 2)] ?? '').toLowerCase()));
}

function grouped(headers: string[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    values.set(name, [...(values.get(name) ?? []), headers[index + 1] ?? '']);
  }
  return values;
}
