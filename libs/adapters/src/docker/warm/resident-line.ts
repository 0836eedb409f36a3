/** The line to the resident process of a container: one question at a time, its answer and the output that belongs to it. */
import { LongshoreError, type Command } from '@longshore/core';
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { OutputFrames } from '../output-frames.js';
import type { OutputLog } from '../../commands/output-log.js';
import { MarkedOutput } from './marked-output.js';
import { RESIDENT_READY } from './resident-program.js';
import { ResidentRequests } from './resident-request.js';

/** No answer is longer; what is, is none. */
const LONGEST_ANSWER = 200;

/** Answer and output come one behind the other, unless somebody has taken from the output. */
const OUTPUT_WITHIN_MS = 5_000;

export interface Reply {
  exitCode: number;
  /** How often the kernel has killed a process of the container for its memory limit, so far. */
  kills: number;
  processes: number;
  /** The shell could not execute the command. */
  refused: boolean;
  /** All of the output has come. */
  complete: boolean;
}

interface Turn {
  mark: string;
  output: MarkedOutput;
  answer?: Omit<Reply, 'refused' | 'complete'>;
  overdue?: NodeJS.Timeout;
  reply: PromiseWithResolvers<Reply>;
}

/** Of no use any more once it is broken, which `broken` is told once. */
export class ResidentLine {
  readonly requests = new ResidentRequests();
  private readonly frames = new OutputFrames();
  private readonly greeting = Promise.withResolvers<void>();
  private turn: Turn | undefined;
  private greeted = false;
  private unread = '';
  private fault: LongshoreError | undefined;

  constructor(
    private readonly stream: Duplex,
    private readonly name: string,
    private readonly broken: () => void = () => undefined,
  ) {
    this.greeting.promise.catch(() => undefined);
    stream.on('data', (chunk: Buffer) => this.receive(chunk));
    stream.on('error', (error) => this.break(`The line to it broke: ${error.message}.`));
    stream.on('close', () => this.break('It has ended.'));
    stream.on('end', () => this.break('It has ended.'));
  }

  get isBroken(): boolean {
    return this.fault !== undefined;
  }

  get isBusy(): boolean {
    return this.turn !== undefined;
  }

  /** Resolves when the process says that it waits for commands. */
  ready(): Promise<void> {
    return this.greeting.promise;
  }

  /**
   * @param command nothing, to ask about the processes alone
   * @throws LongshoreError `engine-failed` when the process has ended or speaks nonsense; nobody knows then what it has done
   */
  async ask(command: Command | undefined, log: OutputLog): Promise<Reply> {
    if (this.fault) throw this.fault;
    const mark = randomBytes(12).toString('hex');
    const turn: Turn = { mark, output: new MarkedOutput(mark, log), reply: Promise.withResolvers() };
    this.turn = turn;
    this.stream.write(this.requests.encode(mark, command));
    try {
      return await turn.reply.promise;
    } finally {
      clearTimeout(turn.overdue);
      turn.output.flush();
      this.turn = undefined;
    }
  }

  close(): void {
    this.break('Its container was removed.');
    this.stream.destroy();
  }

  private receive(chunk: Buffer): void {
    for (const { stream, payload } of this.frames.pieces(chunk)) {
      if (stream === 'stdout') this.hear(payload);
      else this.turn?.output.write(payload);
    }
    this.settle();
  }

  private hear(payload: Uint8Array): void {
    const lines = (this.unread + Buffer.from(payload).toString('latin1')).split('\n');
    this.unread = lines.pop() ?? '';
    for (const line of lines) this.understand(line);
    if (this.unread.length > LONGEST_ANSWER) this.nonsense();
  }

  private understand(line: string): void {
    if (!this.greeted && line === RESIDENT_READY) {
      this.greeted = true;
      return this.greeting.resolve();
    }
    const [, mark, ...numbers] = /^([0-9a-f]+) (\d+) (\d+) (\d+)$/.exec(line) ?? [];
    const { turn } = this;
    if (turn === undefined || turn.answer !== undefined || mark !== turn.mark) return this.nonsense();
    const [exitCode = NaN, kills = NaN, processes = NaN] = numbers.map(Number);
    turn.answer = { exitCode, kills, processes };
  }

  private settle(): void {
    const { turn } = this;
    if (turn?.answer === undefined) return;
    const { answer, output, reply } = turn;
    if (output.ended) return reply.resolve({ ...answer, refused: output.refused, complete: true });
    clearTimeout(turn.overdue);
    turn.overdue = setTimeout(() => reply.resolve({ ...answer, refused: false, complete: false }), OUTPUT_WITHIN_MS);
  }

  private nonsense(): void {
    this.break('It gave an answer that makes no sense.');
    this.stream.destroy();
  }

  private break(why: string): void {
    if (this.fault) return;
    this.fault = new LongshoreError(
      'engine-failed',
      `The process that starts the commands in ${this.name} is of no use any more. ${why}`,
    );
    this.greeting.reject(this.fault);
    this.turn?.reply.reject(this.fault);
    this.broken();
  }
}
