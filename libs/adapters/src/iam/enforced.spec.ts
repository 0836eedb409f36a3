import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Location } from '@longshore/core';
import type { S3ObjectStore } from '../s3/index.js';
import { listAll, readAll, S3Bench } from '../s3/testing/s3-bench.js';
import { jobPolicies } from './policies.js';
import { PolicyGuard } from './testing/policy-guard.js';

const tags = { project: 'p7' };
const input: Location = { bucket: 'bucket', prefix: 'in*/' };
const output: Location = { bucket: 'bucket', prefix: 'out/', storage: { tags, acl: 'bucket-owner-full-control' } };
const policies = jobPolicies({ input, output, account: { partition: 'aws' } });

describe('the policies of a job, enforced', () => {
  let bench: S3Bench;
  let guard: PolicyGuard;
  let orchestrator: S3ObjectStore;
  let worker: S3ObjectStore;

  beforeAll(async () => {
    bench = await S3Bench.open();
    for (const key of ['in*/a', 'in*/b', 'inner/c', 'secret/c']) await bench.put(key, `content of ${key}`);
    guard = new PolicyGuard({ orchestrator: policies.orchestrator, worker: policies.worker });
    bench.faults.decide = (asked) => guard.decide(asked);
    bench.faults.onAnswer = (asked, status) => guard.answered(asked, status);
    const storeOf = (accessKeyId: string) => bench.store({ credentials: { accessKeyId, secretAccessKey: 'secret' } });
    [orchestrator, worker] = [storeOf('orchestrator'), storeOf('worker')];
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it('let a job be done from its listing to its outputs, and hold nothing that is not used', async () => {
    const [object] = await listAll(orchestrator, input);
    const path = bench.path('result');
    await writeFile(path, await readAll(worker, input, object!));
    const [published, left, dropped] = [
      await worker.stage({ location: output, name: 'result', path }),
      await worker.stage({ location: output, name: 'left', path }),
      await worker.stage({ location: output, name: 'dropped', path }),
    ];
    await worker.publish(output, published);
    await worker.publish(output, published);
    await worker.abandon(output, dropped);
    await expect(worker.publish(output, dropped)).rejects.toMatchObject({ code: 'staging-lost' });
    expect(await orchestrator.canPublish(output, left)).toBe(true);
    await orchestrator.publish(output, left);
    expect(await orchestrator.canPublish(output, dropped)).toBe(false);
    const report = await orchestrator.stage({ location: output, name: 'report', path });
    await orchestrator.abandon(output, report);
    await orchestrator.sweep(output, ['result', 'left', 'dropped']);
    const found = await listAll(orchestrator, output);
    expect(found.map(({ key }) => key)).toEqual(['out/left', 'out/result']);
    expect(await readAll(orchestrator, output, found[0]!)).toBe('content of in*/a');
    expect(guard.refused).toEqual([]);

    const granted = Object.entries({ orchestrator: policies.orchestrator, worker: policies.worker }).flatMap(
      ([who, { Statement }]) => Statement.flatMap(({ Action }) => Action.map((action) => `${who} ${action}`)),
    );
    expect([...guard.allowed].sort()).toEqual([...new Set(granted)].sort());
  });

  const object = (key: string) => ({ key, sizeBytes: 1, etag: '' });
  it.each<[string, () => Promise<unknown>]>([
    ['the worker read beside the input', () => readAll(worker, input, object('secret/c'))],
    ['the worker read where a star in the prefix would reach', () => readAll(worker, input, object('inner/c'))],
    ['the orchestrator read inputs', () => readAll(orchestrator, input, object('in*/a'))],
    ['the worker list inputs', () => listAll(worker, input)],
    ['the orchestrator list beside the input', () => listAll(orchestrator, { ...input, prefix: 'secret/' })],
    ['the orchestrator list the whole bucket', () => listAll(orchestrator, { ...input, prefix: '' })],
    ['anybody list another bucket', () => listAll(orchestrator, { bucket: 'other', prefix: 'out/' })],
    [
      'the worker write beside the output',
      () => worker.stage({ location: { ...output, prefix: 'secret/' }, name: 'c', path: import.meta.filename }),
    ],
    ['the worker write into the input', () => worker.stage({ location: input, name: 'a', path: import.meta.filename })],
  ])('do not let %s', async (_, attempt) => {
    const before = guard.refused.length;
    await expect(attempt()).rejects.toMatchObject({ code: 'access-denied', failureClass: 'config' });
    expect(guard.refused.length).toBe(before + 1);
  });
});
