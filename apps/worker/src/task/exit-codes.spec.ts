import { describe, expect, it } from '@jest/globals';
import { aPlugin } from '@longshore/core/testing';
import { TaskBench } from '../testing/task-bench.js';

describe('exit codes', () => {
  it.each([
    ['with its output', true],
    ['without its output', false],
  ])('E4: of all 256, only 0 %s there is success', async (_, writes) => {
    await using bench = await TaskBench.open({
      end: async ({ argv: [, code], write }) => {
        if (writes) await write('/outputs/a.out', 'made');
        return { exitCode: Number(code), log: `ended with ${code}` };
      },
    });
    for (let code = 0; code < 256; code += 1) {
      bench.client.reports.length = 0;
      await bench.run(aPlugin({}, { command: () => ['end', String(code)] }), { a: 'A' });
      const expected =
        code > 0
          ? { status: 'failed', details: { code: 'command-failed', exit_code: code, log: `ended with ${code}` } }
          : writes
            ? { status: 'completed' }
            : { status: 'failed', details: { code: 'output-missing', log: 'ended with 0' } };
      expect(bench.client.reports[0]).toMatchObject(expected);
    }
  });
});
