import { describe, expect, it } from '@jest/globals';
import { attemptTrace, childTrace, taskTrace, type Span } from '@longshore/core';
import { RecordingTracer } from '@longshore/core/testing';
import type { Assignment, AssignmentAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

async function traced(environment = {}): Promise<{ orchestrator: OrchestratorOnFakes; tracer: RecordingTracer }> {
  const tracer = new RecordingTracer();
  const prepare = (one: OrchestratorOnFakes) => (one.tracer = tracer);
  const orchestrator = await OrchestratorOnFakes.prepared(environment, prepare);
  orchestrator.putImages('a.png');
  await orchestrator.submit({ policy: { retryDelaySeconds: 0 } });
  return { orchestrator, tracer };
}

async function take(orchestrator: OrchestratorOnFakes, worker: string): Promise<Assignment> {
  const { body } = await orchestrator.get<AssignmentAnswer>(`/assignment/${worker}?max=1`);
  await orchestrator.acknowledge(worker, body.assignments![0]!);
  return body.assignments![0]!;
}

/** Without what differs from run to run. */
function essence({ name, context, parent, failure, attributes = {} }: Span) {
  const { 'longshore.outcome': outcome, 'longshore.attempt': attempt, 'longshore.state': state } = attributes;
  return { name, context, parent, failure, outcome, attempt, state };
}

describe('the trace of a task', () => {
  it('is one, through a failure, a restart and the attempt that succeeds', async () => {
    const { orchestrator, tracer } = await traced();
    await using _ = orchestrator;
    const worker = await orchestrator.register();
    const first = await take(orchestrator, worker);
    expect(first.traceparent).toBe(attemptTrace(first.task_id, 1));
    await orchestrator.report(worker, 'failed', first, { error: 'It broke.', code: 'command-failed' });
    await orchestrator.restart();

    const second = await take(orchestrator, worker);
    expect(second.traceparent).toBe(attemptTrace(first.task_id, 2));
    const report = childTrace(second.traceparent!);
    const { assignment_id, fence } = second;
    const completed = { status: 'completed', details: { manifest: await orchestrator.manifest(second) } };
    await orchestrator.post(`/status/${worker}`, { ...completed, assignment_id, fence, traceparent: report });
    await orchestrator.report(worker, 'published', second);

    const [task, attempt] = [taskTrace(first.task_id), second.traceparent];
    const spans = tracer.spans.map(essence);
    expect(spans).toEqual([
      expect.objectContaining({
        name: 'lease',
        context: first.traceparent,
        parent: task,
        failure: 'It broke.',
        outcome: 'failed',
        attempt: 1,
      }),
      expect.objectContaining({ name: 'accept', parent: report, failure: undefined }),
      expect.objectContaining({ name: 'lease', context: attempt, parent: task, outcome: 'completed', attempt: 2 }),
      expect.objectContaining({ name: 'task', context: task, parent: undefined, state: 'completed' }),
    ]);
    expect(tracer.spans.at(-1)?.attributes).toMatchObject({ 'longshore.attempts': 2, 'longshore.objects': 1 });
  });

  it('is handed to nobody where no trace is recorded, by setting or by chance', async () => {
    const { orchestrator, tracer } = await traced({ LONGSHORE_TRACES_SHARE: '0' });
    await using _ = orchestrator;
    const worker = await orchestrator.register();
    const assignment = await take(orchestrator, worker);
    expect('traceparent' in assignment).toBe(false);
    await orchestrator.finish(worker, assignment);
    expect(tracer.spans).toEqual([]);
  });

  it('is nothing that a worker of the original protocol hears of', async () => {
    const { orchestrator, tracer } = await traced();
    await using _ = orchestrator;
    const worker = await orchestrator.register();
    const assignment = await orchestrator.assignment(worker);
    expect('traceparent' in assignment).toBe(false);
    await orchestrator.finish(worker, assignment);
    expect(tracer.spans.map(({ name }) => name)).toEqual(['lease', 'task']);
  });

  it('takes no nonsense from a worker', async () => {
    const { orchestrator, tracer } = await traced();
    await using _ = orchestrator;
    const worker = await orchestrator.register();
    const { assignment_id, fence, ...rest } = await take(orchestrator, worker);
    const manifest = await orchestrator.manifest({ assignment_id, fence, ...rest });
    const report = { status: 'completed', details: { manifest }, assignment_id, fence };
    expect((await orchestrator.post(`/status/${worker}`, { ...report, traceparent: 'x'.repeat(101) })).status).toBe(
      400,
    );
    expect((await orchestrator.post(`/status/${worker}`, { ...report, traceparent: '00-zz-11-01' })).status).toBe(200);
    expect(tracer.named('accept')).toEqual([]);
  });
});
