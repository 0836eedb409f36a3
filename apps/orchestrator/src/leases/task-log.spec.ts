import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

interface Said {
  level: string;
  line: string;
  fields: Record<string, unknown>;
}

describe('the log of tasks', () => {
  const said: Said[] = [];
  const spies = (['debug', 'log', 'warn'] as const).map((level) =>
    jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown, fields?: unknown) => {
      if (String(line).startsWith('Task ')) said.push({ level, line: String(line), fields: fields as Said['fields'] });
    }),
  );
  beforeEach(() => {
    said.length = 0;
  });
  afterAll(() => spies.forEach((spy) => spy.mockRestore()));

  it('tells of each move with ids as fields, and of what fails to everybody', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('a.png');
    const job = await orchestrator.submit({ policy: { maxAttempts: 2, retryDelaySeconds: 0 } });
    const worker = await orchestrator.register();
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const assignment = await orchestrator.assignment(worker);
      await orchestrator.acknowledge(worker, assignment);
      await orchestrator.report(worker, 'failed', assignment, { error: 'It broke.', code: 'command-failed' });
    }
    const ids = { job_id: job.id, task_id: expect.any(String), worker_id: worker };
    const failed = { outcome: 'failed', code: 'command-failed', class: 'job' };
    expect(said).toMatchObject([
      { level: 'debug', fields: { ...ids, attempt: 1, state: 'leased' } },
      {
        level: 'log',
        line: expect.stringMatching(/is available: It broke/),
        fields: { ...ids, attempt: 1, ...failed },
      },
      { level: 'debug', fields: { ...ids, attempt: 2, state: 'leased' } },
      { level: 'warn', line: expect.stringMatching(/is dead: It broke/), fields: { ...ids, attempt: 2, ...failed } },
    ]);
  });
});
