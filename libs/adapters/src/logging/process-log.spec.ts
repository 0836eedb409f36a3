import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProcessLog, type LogOptions } from './process-log.js';

function aLog(options: Partial<LogOptions> = {}): { log: ProcessLog; written: string[]; last: () => unknown } {
  const written: string[] = [];
  const log = new ProcessLog({
    process: 'worker',
    level: 'info',
    format: 'json',
    write: (text) => written.push(text),
    isTerminal: false,
    ...options,
  });
  return { log, written, last: () => JSON.parse(written.at(-1) ?? '') as unknown };
}

describe('the log of a process', () => {
  it('has one line of JSON for each thing, with its facts in fields', () => {
    const { log, written, last } = aLog();
    log.warn('It was not heard of.', { task_id: 't1', attempt: 2 }, 'Rescuer');
    expect(written).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      process: 'worker',
      context: 'Rescuer',
      task_id: 't1',
      attempt: 2,
      message: 'It was not heard of.',
    });
  });

  it('leaves out what is below its level', () => {
    const { log, written } = aLog({ level: 'warn' });
    log.debug('one');
    log.log('two');
    log.error('three');
    log.fatal('four');
    expect(written.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['three', 'four']);
  });

  it('tells what the framework says of its start only to those who debug', () => {
    const [usual, debugging] = [aLog(), aLog({ level: 'debug' })];
    for (const { log } of [usual, debugging]) {
      log.log('Mapped {/healthz, GET} route', 'RouterExplorer');
      log.warn('Something is odd', 'RouterExplorer');
    }
    expect(usual.written).toHaveLength(1);
    expect(debugging.written).toHaveLength(2);
  });

  it('keeps the stack that the framework hands over, and an error that is the message', () => {
    const { log, last } = aLog();
    log.error('It broke', 'Error: here\n  at there', 'ExceptionsHandler');
    expect(last()).toMatchObject({
      context: 'ExceptionsHandler',
      stack: 'Error: here\n  at there',
      message: 'It broke',
    });
    log.error(new Error('whole'));
    expect(last()).toMatchObject({ message: expect.stringMatching(/^Error: whole\n/) });
  });

  it('shows no secret, neither in a field of that name nor in any text', () => {
    const { log, written } = aLog();
    const secret = `lsk_${'x'.repeat(43)}`;
    log.log(`Somebody wrote ${secret}`, { token: 'chosen-by-the-operator', answer: { token: 'deep' }, key: secret });
    expect(written.join()).not.toMatch(/x{8}|chosen|deep/);
    expect(written.join()).toContain('lsk_...');
  });

  it.each(['json', 'pretty'] as const)('is one line of visible characters whatever others write (%s)', (format) => {
    const { log, written } = aLog({ format });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        written.length = 0;
        log.warn('A name', { name: `\u001b[2J\u202e${text}\u2028\n` });
        // eslint-disable-next-line no-control-regex -- these must not be there
        expect(written.join('')).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028]+\n$/);
        if (format === 'json')
          expect(JSON.parse(written.join(''))).toMatchObject({
            name: `\u001b[2J\u202e${text}\u2028\n`.toWellFormed(),
          });
      }),
    );
  });

  it('is for people on a terminal: a time of day, a level, who speaks, and the fields behind', () => {
    const { log, written } = aLog({ format: 'auto', isTerminal: true });
    log.log('Taken', { task_id: 't1', why: 'two words', attempt: 2 }, 'Worker');
    // eslint-disable-next-line no-control-regex -- colours
    const plain = written.join('').replace(/\u001b\[\d+m/g, '');
    expect(plain).toMatch(/^\d\d:\d\d:\d\d INFO {2}Worker: Taken task_id=t1 why="two words" attempt=2\n$/);
  });

  it('begins no new line with the second line of a message', () => {
    const { log, written } = aLog({ format: 'pretty' });
    log.warn('first\n12:00:00 ERROR Forged: second');
    expect(written.join('')).toMatch(/first\n {4}12:00:00 ERROR Forged/);
  });
});
