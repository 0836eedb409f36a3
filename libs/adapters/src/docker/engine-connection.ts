/** The line to the engine: every question gets an answer or an error in bounded time. */
import { asLongshoreError } from '@longshore/core';
import Docker, { type DockerOptions } from 'dockerode';
import type { Readable } from 'node:stream';
import { engineError, silentEngine, type ErrorSubject } from './engine-errors.js';

/** Creating and starting a container takes 0.2 s when idle; a machine that swaps can take half a minute. */
const ANSWER_WITHIN_MS = 60_000;

export class EngineConnection {
  readonly docker: Docker;
  private processors: number | undefined;

  constructor(
    options: DockerOptions | undefined,
    private readonly answerWithinMs = ANSWER_WITHIN_MS,
  ) {
    try {
      this.docker = new Docker(options);
    } catch (thrown) {
      throw asLongshoreError(thrown, 'engine-unavailable', 'The address of the container engine cannot be used');
    }
  }

  /**
   * One question. `doing` completes "failed while ..."; the call should pass the signal on, so that an unanswered request is torn down.
   *
   * @throws LongshoreError `engine-unavailable` when no answer comes in time, else what the refusal means
   */
  async ask<T>(doing: string, call: (abortSignal: AbortSignal) => Promise<T>, subject?: ErrorSubject): Promise<T> {
    const overdue = new AbortController();
    const silence = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      // Rejected here and not left to the abort: dockerode ignores the signal for images and for info.
      silence.reject(silentEngine(doing, this.answerWithinMs));
      overdue.abort();
    }, this.answerWithinMs);
    try {
      return await Promise.race([silence.promise, call(overdue.signal)]);
    } catch (thrown) {
      throw engineError(thrown, doing, subject);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * An answer that comes in pieces, of which the first comes at once. It breaks when the engine goes away; dockerode's own promise for
   * a request like this never settles then, because docker-modem listens to no error after the headers.
   */
  stream(doing: string, method: 'GET' | 'POST', path: string): Promise<Readable> {
    return this.ask(doing, (abortSignal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Readable>();
      const request = { path, method, isStream: true, statusCodes: { 200: true }, abortSignal };
      this.docker.modem.dial(request, (error, answer) => (error ? reject(error) : resolve(answer as Readable)));
      return promise;
    });
  }

  /** How many processors the engine has; asked once. */
  async cpus(): Promise<number> {
    this.processors ??= (
      await this.ask('asking for its processors', () => this.docker.info() as Promise<{ NCPU: number }>)
    ).NCPU;
    return this.processors;
  }
}
