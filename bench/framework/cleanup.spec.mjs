import { describe, expect, it } from '@jest/globals';
import { Cleanup } from './cleanup.mjs';
import { startProgram } from './program.mjs';

describe('clean-up', () => {
  it('undoes the latest first, each step once, and every step even if one fails', async () => {
    const done = [];
    const cleanup = new Cleanup();
    cleanup.defer(() => done.push('folder'));
    cleanup.defer(() => Promise.reject(new Error('the server did not end')));
    cleanup.defer(() => done.push('client'));
    await expect(cleanup.run()).rejects.toThrow('the server did not end');
    await cleanup.run();
    expect(done).toEqual(['client', 'folder']);
  });
});

describe('a clean-up that ends the run', () => {
  it('is waited for by all who ask for it, and lets nothing begin that nobody would undo', async () => {
    const done = [];
    const cleanup = new Cleanup();
    let release;
    cleanup.defer(() => new Promise((resolve) => (release = resolve)).then(() => done.push('server')));
    const closing = cleanup.close();
    const asked = cleanup.run().then(() => done.push('suite'));
    expect(() => cleanup.defer(() => done.push('late'))).toThrow('being ended');
    await Promise.resolve();
    expect(done).toEqual([]);
    release();
    await Promise.all([closing, asked]);
    expect(done).toEqual(['server', 'suite']);
  });
});

describe('a program that a suite starts', () => {
  const script = (text) => ['-e', text];

  it('serves once it says so, and is gone when it was stopped', async () => {
    const program = await startProgram(
      process.execPath,
      script('console.log("serves at 127"); setInterval(() => {}, 1000)'),
      { ready: /serves at (\d+)/ },
    );
    expect(program.matched[1]).toBe('127');
    process.kill(program.pid, 0);
    await program.stop();
    expect(() => process.kill(program.pid, 0)).toThrow('ESRCH');
  });

  it('is told of with what it printed when it ends before it serves', async () => {
    const ended = startProgram(process.execPath, script('console.error("no such port"); process.exit(3)'), {
      ready: /x/,
    });
    await expect(ended).rejects.toThrow('no such port');
  });

  it('is told of when it is not there', async () => {
    await expect(startProgram('no-such-program-here', [], { ready: /x/ })).rejects.toThrow('ENOENT');
  });
});
