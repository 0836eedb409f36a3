import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlanAnswer } from '@longshore/core/protocol';
import { aPlugin } from '@longshore/core/testing';
import { image, recordNames, runJob, workerOf } from '../testing/earlier-job.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

let orchestrator: OrchestratorOnFakes;
let workerId: string;

beforeEach(async () => {
  orchestrator = await OrchestratorOnFakes.start({}, [
    aPlugin({ outputs: ({ relativeKey }) => [`${relativeKey.toLowerCase()}.out`] }),
  ]);
  workerId = await workerOf(orchestrator);
  orchestrator.putImages('a.png', 'b.png', 'notes.txt', 'old/c.png');
});

afterEach(() => orchestrator[Symbol.asyncDispose]());

async function plan(changes: Record<string, unknown> = {}): Promise<PlanAnswer> {
  const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
  const patterns = { include: ['**/*.png'], exclude: ['old/**'] };
  const { status, body } = await orchestrator.post<PlanAnswer>('/api/v1/plans', {
    ...request,
    ...patterns,
    ...changes,
  });
  expect(status).toBe(200);
  return body;
}

const why = async (key: string, changes: Record<string, unknown> = {}) => (await plan({ why: key, ...changes })).why;
const run = (changes: Record<string, unknown> = {}) =>
  runJob(orchestrator, workerId, { include: ['**/*.png'], exclude: ['old/**'], ...changes });

describe('a plan', () => {
  it('says what would be run, and leaves nothing', async () => {
    expect(await plan({ batching: { maxObjects: 1 } })).toMatchObject({
      run: { objects: 2, tasks: 2, bytes: 10 },
      first_tasks: [
        { object_count: 1, size_bytes: 5, file_names: ['in/a.png'] },
        { object_count: 1, size_bytes: 5, file_names: ['in/b.png'] },
      ],
      last_task: { file_names: ['in/b.png'], last_file_name: 'in/b.png' },
      layout: {
        key: 'in/a.png',
        input: 's3://images/in/a.png',
        container_path: '/inputs/a.png',
        outputs: [{ container_path: '/outputs/a.png.out', key: 'out/a.png.out', output: 's3://results/out/a.png.out' }],
      },
      done_before: 0,
      skipped: 2,
      refused: 0,
      reasons: [{ reason: 'never-done', objects: 2, example: { key: 'in/a.png' } }],
      image: { is_missing: false, digest: image },
    });
    expect((await orchestrator.get<{ items: unknown[] }>('/api/v1/jobs')).body.items).toEqual([]);
    expect(recordNames(orchestrator)).toEqual([]);
    expect(orchestrator.scratch.openTables).toBe(0);
  });

  it('and the job after it do the same', async () => {
    await run();
    orchestrator.objects.put('images', 'in/b.png', Buffer.from('another'));
    orchestrator.putImages('d.png');
    const planned = await plan();
    expect(planned).toMatchObject({ run: { objects: 2 }, done_before: 1 });
    const { ran, job } = await run();
    expect(ran).toHaveLength(planned.run.objects);
    expect(job.objects_done_before).toBe(planned.done_before);
  });

  it('shows how the object lies that was asked for, or says why it would not', async () => {
    expect(await plan({ object: 'b.png' })).toMatchObject({ layout: { key: 'in/b.png' }, run: { objects: 2 } });
    const left = await plan({ object: 'notes.txt' });
    expect(left).not.toHaveProperty('layout');
    expect(left.why).toEqual([expect.stringMatching(/^It is left out: no include pattern/)]);
  });

  it('counts what would be refused', async () => {
    orchestrator.putImages('A.png', '../x.png');
    expect(await plan()).toMatchObject({ run: { objects: 2 }, refused: 2 });
  });

  it.each([
    ['of an object that was never done', 'a.png', /^It would be run: no record/],
    ['by its key', 'in/a.png', /^It would be run: no record/],
    ['by its address', 's3://images/in/a.png', /^It would be run: no record/],
    ['of one that no pattern takes', 'notes.txt', /^It is left out: no include pattern matches it \(\*\*\/\*\.png\)/],
    ['of one that a pattern leaves out', 'old/c.png', /^It is left out: the exclude pattern old\/\*\* matches it/],
    ['of one that is not there', 'z.png', /^No object "z.png" is there below s3:\/\/images\/in\//],
    ['of a folder', 'folder/', /^It is left out: its key ends with a slash/],
    ['of one whose name is refused', '../x.png', /^It would be set aside at once: .*refused because/],
    ["of one whose output is another object's", 'a.png', /^It would be set aside at once: .*both write/, 'A.png'],
  ])('tells the reason %s', async (_, key, sentence, more = '') => {
    orchestrator.objects.put('images', 'in/folder/', Buffer.alloc(0));
    orchestrator.putImages('../x.png', ...(more === '' ? [] : [more]));
    expect(await why(key)).toEqual([expect.stringMatching(sentence)]);
  });

  it('tells the reason of one that is done, or is not any more', async () => {
    const { job } = await run();
    expect(await why('a.png')).toEqual([
      expect.stringMatching(`It is done: job ${job.id} did it at .*a.png.out is as`),
    ]);
    expect(await why('a.png', { skip: { by: 'none' } })).toEqual([expect.stringMatching(/everything is run again/)]);
    const other = `sha256:${'1'.repeat(64)}`;
    expect(await why('a.png', { imageDigest: other })).toEqual([
      `It would be run: it was done by the image ${image}, and workers run ${other}.`,
    ]);
    orchestrator.objects.remove('results', 'out/a.png.out');
    expect(await why('a.png')).toEqual([
      expect.stringMatching(/its output a.png.out, which job .* left, is not there/),
    ]);
    orchestrator.objects.put('images', 'in/b.png', Buffer.from('another'));
    expect(await why('b.png')).toEqual([
      expect.stringMatching(/has changed since job .*: its ETag was \w+ and is \w+/),
    ]);
  });

  it('does not wait for a worker, and says what hangs on the image', async () => {
    await run();
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down' });
    expect(await plan()).toMatchObject({ run: { objects: 2 }, image: { is_missing: true, said_by_workers: 0 } });
    expect(await plan({ imageDigest: image })).toMatchObject({ run: { objects: 0 }, image: { is_missing: false } });
  });

  it('goes by the newest worker where workers run different images', async () => {
    await run();
    await orchestrator.clock.advance(1_000);
    const other = `sha256:${'1'.repeat(64)}`;
    await workerOf(orchestrator, other);
    expect(await plan()).toMatchObject({ run: { objects: 2 }, image: { digest: other, said_by_workers: 2 } });
  });
});
