import { beforeEach, describe, expect, it } from '@jest/globals';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { OutputLog } from '../../commands/output-log.js';
import { ResidentLine } from './resident-line.js';

/** The engine's end of the line. */
class Engine extends Duplex {
  asked = '';
  override _read(): void {
    // What it has is pushed at once.
  }
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.asked += chunk.toString();
    done();
  }
  get mark(): string {
    return this.asked.split('\n')[0] ?? '';
  }
  say(stream: 1 | 2, text: string): void {
    const header = Buffer.alloc(8);
    header.writeUInt8(stream, 0);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    this.push(Buffer.concat([header, Buffer.from(text)]));
  }
}

describe(ResidentLine.name, () => {
  let engine: Engine;
  let line: ResidentLine;
  let log: OutputLog;

  beforeEach(async () => {
    engine = new Engine();
    line = new ResidentLine(engine, 'tool');
    log = new OutputLog();
    engine.say(1, 'ready\n');
    await line.ready();
  });

  const ask = () => line.ask({ argv: ['work'] }, log);
  const useless = { code: 'engine-failed', message: expect.stringContaining('tool') };

  it('has an answer when both the answer and the end of the output have come, in any order', async () => {
    for (const outputFirst of [true, false]) {
      engine.asked = '';
      const reply = ask();
      const { mark } = engine;
      const output = () => engine.say(2, `said\n${mark}\n`);
      if (outputFirst) output();
      engine.say(1, `${mark} 3 1 `);
      engine.say(1, '4\n');
      if (!outputFirst) output();
      expect(await reply).toEqual({
        exitCode: 3,
        kills: 1,
        processes: 4,
        refused: false,
        complete: true,
      });
    }
    expect(log.text()).toBe('said\nsaid\n');
  });

  it('takes another mark each time', async () => {
    const marks = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      engine.asked = '';
      const reply = ask();
      engine.say(2, `${engine.mark}\n`);
      engine.say(1, `${engine.mark} 0 0 3\n`);
      await reply;
      marks.add(engine.mark);
    }
    expect(marks.size).toBe(20);
  });

  it.each([
    ['of another mark', () => 'aaaaaaaaaaaaaaaaaaaaaaaa 0 0 3\n'],
    ['that is no answer', () => 'hello\n'],
    ['that says twice that it is ready', () => 'ready\n'],
    ['of too few numbers', (mark: string) => `${mark} 0 3\n`],
    ['that never ends', (mark: string) => mark + '0'.repeat(300)],
  ])('is of no use after an answer %s', async (_, answer) => {
    const reply = ask();
    engine.say(1, answer(engine.mark));
    await expect(reply).rejects.toMatchObject(useless);
    expect(line.isBroken).toBe(true);
    expect(engine.destroyed).toBe(true);
    await expect(ask()).rejects.toMatchObject(useless);
  });

  it('is of no use after an answer that nobody asked for', async () => {
    engine.say(1, 'aaaaaaaaaaaaaaaaaaaaaaaa 0 0 3\n');
    await turn();
    expect(line.isBroken).toBe(true);
  });

  it('breaks off what is asked when the process ends, and keeps what it has said', async () => {
    const reply = ask();
    engine.say(2, 'half a wo');
    engine.push(null);
    await expect(reply).rejects.toMatchObject(useless);
    expect(log.text()).toBe('half a wo');
  });
});
