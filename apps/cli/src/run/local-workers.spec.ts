import { describe, expect, it } from '@jest/globals';
import type { ChildEnd } from './child-process.js';
import { LocalWorkers } from './local-workers.js';

/** Workers without processes, which end when a test says so. */
function workers() {
  const started: { log: string; end: (end: Partial<ChildEnd>) => void }[] = [];
  const said: string[] = [];
  const subject = new LocalWorkers(
    '/logs',
    { LONGSHORE_WORKER_NAME: 'run' },
    (line) => said.push(line),
    (_, log) => {
      let end: (end: ChildEnd) => void = () => undefined;
      const ended = new Promise<ChildEnd>((resolve) => (end = resolve));
      started.push({ log, end: ({ code = 0, fatal }) => end({ code, fatal }) });
      return { ended, ready: async () => undefined, stop: async () => end({ code: 0, fatal: undefined }) };
    },
  );
  return { subject, started, said };
}

/** Of what keeps the process. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

describe('the workers of a run on this machine', () => {
  it('keep the command no longer than they are there, when they leave by themselves', async () => {
    const { subject, started, said } = workers();
    const before = timers();
    subject.start(2);
    for (const { end } of started) end({ code: 0 });
    await subject.stop(10_000);
    expect(timers()).toBe(before);
    expect([started.length, said]).toEqual([2, []]);
  });

  it('are replaced when they are killed, until one was lost too often', async () => {
    const { subject, started, said } = workers();
    subject.start(1);
    const broken = expect(subject.broken).rejects.toThrow(/Worker 1 ends again and again; .*worker-1\.log/);
    for (let number = 0; number < 6; number += 1) {
      started[number]?.end({ code: null });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await broken;
    expect([started.length, new Set(said).size]).toEqual([6, 1]);
    await subject.stop(0);
  });
});
