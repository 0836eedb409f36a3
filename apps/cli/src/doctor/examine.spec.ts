import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { examine } from './examine.js';
import { finding, notAsked } from './finding.js';
import { isHealthy, reportLines, reportSummary } from './report.js';

describe('an examination', () => {
  it('looks at everything at once, and tells it in the order of the checks', async () => {
    const meeting = Promise.withResolvers<void>();
    const checks = [
      { name: 'a', look: async () => (await meeting.promise, [notAsked('a', 'one')]) },
      { name: 'b', look: async () => (meeting.resolve(), [notAsked('b', 'two')]) },
    ];
    expect((await examine(checks, 5_000)).map(({ check }) => check)).toEqual(['a', 'b']);
  });

  it('gives up on what hangs, and lets what listens clean up', async () => {
    let cleaned = false;
    const checks = [
      {
        name: 'hangs',
        look: (signal: AbortSignal) =>
          new Promise<never>((_, reject) => {
            signal.addEventListener('abort', () => {
              cleaned = true;
              reject(signal.reason as Error);
            });
          }),
      },
      { name: 'well', look: async () => [finding('node-ok', 'node', 'x')] },
    ];
    const found = await examine(checks, 50);
    expect(found).toMatchObject([{ id: 'no-answer', check: 'hangs', state: 'failed' }, { id: 'node-ok' }]);
    expect(cleaned).toBe(true);
  });

  it('lets what is under way clean up when somebody interrupts it', async () => {
    const interrupt = new AbortController();
    let cleaned = false;
    const look = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => ((cleaned = true), reject(signal.reason as Error)));
        interrupt.abort();
      });
    await examine([{ name: 'long', look }], 60_000, interrupt.signal);
    expect(cleaned).toBe(true);
  });

  it('gives up on what does not listen either', async () => {
    const checks = [{ name: 'deaf', look: () => new Promise<never>(() => undefined) }];
    expect(await examine(checks, 20)).toMatchObject([{ id: 'no-answer' }]);
  });

  it('tells a bad setting from a fault of its own', async () => {
    const throwing = (thrown: Error) => examine([{ name: 'x', look: () => Promise.reject(thrown) }], 1_000);
    expect(await throwing(new LongshoreError('invalid-configuration', 'Why.'))).toMatchObject([
      { id: 'settings-invalid' },
    ]);
    expect(await throwing(new TypeError('oops'))).toMatchObject([
      { id: 'check-broken', message: expect.stringContaining('oops') },
    ]);
  });
});

describe('the report', () => {
  const findings = [
    finding('node-ok', 'node', 'Node.js 24.'),
    finding('docker-stopped', 'docker', 'Nobody.'),
    finding('files-low', 'open files', 'Few.'),
  ];

  it('has one line for each finding, with its remedy', () => {
    expect(reportLines(findings)).toEqual([
      expect.stringMatching(/^ok +node +Node\.js 24\.$/),
      expect.stringMatching(/^failed +docker +Nobody\. {2}Start Docker/),
      expect.stringMatching(/^warning +open files +Few\. {2}Raise it/),
    ]);
    expect(reportSummary(findings)).toBe('1 failed, 1 warning.');
  });

  it('is healthy with warnings, and not with failures', () => {
    expect(isHealthy(findings)).toBe(false);
    expect(isHealthy(findings.filter(({ state }) => state !== 'failed'))).toBe(true);
    expect(reportSummary([notAsked('x', 'y')])).toBe('All is well.');
  });

  it('shows what strangers say as text', () => {
    const [line] = reportLines([finding('orchestrator-not-ready', 'orchestrator', 'x\u001b[2J\ny')]);
    expect(line).toContain('x\\x1b[2J\\x0ay');
  });
});
