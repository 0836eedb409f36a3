import { describe, expect, it } from '@jest/globals';
import { comparedRows, missingRow } from './rows.mjs';
import { markdownTable, terminalTable } from './table.mjs';

const rows = [
  ...comparedRows({
    ...{ suite: 'dispatch', metric: 'no-op tasks', unit: 'tasks/s', better: 'more', ours: 'turns of 32' },
    runs: { 'turns of 32': [150_000, 140_000, 160_000], 'BullMQ | always': [8_000, 8_000, 8_000] },
  }),
  missingRow('dispatch', 'Celery', 'it is not installed.\nAnd more.'),
];

describe('the table', () => {
  it('has a line for each row, and says what was left out', () => {
    const lines = terminalTable(rows)
      .split('\n')
      .map((line) => line.trimEnd());
    expect(lines[0]).toMatch(/^suite\s+subject\s+metric\s+median\s+least to most\s+versus\s+times better$/);
    expect(lines[1]).toMatch(
      /^dispatch +turns of 32 +no-op tasks +150,000 tasks\/s +140,000 - 160,000 +BullMQ \| always +18.8$/,
    );
    expect(lines[2]).toMatch(/^dispatch +BullMQ \| always +no-op tasks +8,000 tasks\/s +8,000 - 8,000$/);
    expect(lines[3]).toBe('left out: Celery, because it is not installed.');
    expect(lines).toHaveLength(4);
  });

  it('keeps its columns in a page', () => {
    expect(markdownTable(rows).split('\n')).toEqual([
      '| subject | metric | median | least to most | versus | times better |',
      '| --- | --- | ---: | ---: | --- | ---: |',
      '| turns of 32 | no-op tasks | 150,000 tasks/s | 140,000 - 160,000 | BullMQ \\| always | 18.8 |',
      '| BullMQ \\| always | no-op tasks | 8,000 tasks/s | 8,000 - 8,000 |  |  |',
      '',
      '- left out: Celery, because it is not installed.',
    ]);
  });
});
