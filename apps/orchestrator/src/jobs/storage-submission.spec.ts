import { afterEach, describe, expect, it } from '@jest/globals';
import type { JobAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const endpoint = 'https://minio.example.org:9000';
const role = { arn: 'arn:aws:iam::123456789012:role/reader', externalId: 'agreed' };

describe('a job that says how its storage is reached', () => {
  let orchestrator: OrchestratorOnFakes;
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const submit = (storage: unknown, changes: object = {}) =>
    orchestrator.post<JobAnswer & { code?: string; remedy?: string; detail?: string }>('/api/v1/jobs', {
      plugin: 'echo',
      input: 's3://images/in/',
      output: 's3://results/out/',
      storage,
      ...changes,
    });

  it('tells it to the workers and keeps it over a restart', async () => {
    orchestrator = await OrchestratorOnFakes.start({
      LONGSHORE_ALLOW_ENDPOINTS: endpoint,
      LONGSHORE_ALLOW_ROLES: role.arn,
    });
    orchestrator.putImages('a.tif');
    const storage = { input: { endpoint, role }, output: { storageClass: 'STANDARD_IA', tags: { project: 'p7' } } };
    const job = await orchestrator.submit({ storage });
    expect(job.storage).toEqual(storage);
    await orchestrator.restart();
    const assignment = await orchestrator.assignment(await orchestrator.register());
    expect(assignment).toMatchObject({
      input_bucket: 'images',
      input_storage: storage.input,
      output_storage: storage.output,
    });
  });

  it('may name no endpoint and no role that the operator has not allowed', async () => {
    orchestrator = await OrchestratorOnFakes.start();
    for (const input of [{ endpoint }, { role }]) {
      const { status, body } = await submit({ input });
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'storage-refused' });
      expect(body.remedy).toMatch('endpoint' in input ? /LONGSHORE_ALLOW_ENDPOINTS/ : /LONGSHORE_ALLOW_ROLES/);
    }
    expect((await orchestrator.get<{ items: unknown[] }>('/api/v1/jobs')).body.items).toEqual([]);
  });

  it.each<[object, string]>([
    [{ input: { region: 'eu-west-1.example.org/' } }, 'region'],
    [{ input: { endpoint: 'file:///etc' } }, 'endpoint'],
    [{ input: { tags: { a: 'b' } } }, 'tags'],
    [{ output: { acl: 'public-read' } }, 'acl'],
    [{ output: { encryption: { type: 'none' } } }, 'type'],
    [{ output: { encryption: { type: 'aws:kms', key: 'abc\r\nx: y' } } }, 'key'],
    [{ output: { contentTypes: { '*.csv': 'text/csv\r\nx: y' } } }, 'contentTypes'],
  ])('is refused for %j', async (storage, field) => {
    orchestrator = await OrchestratorOnFakes.start();
    const { status, body } = await submit(storage);
    expect(status).toBe(400);
    expect(body.detail).toContain(field);
  });

  it('is refused where the location is a folder', async () => {
    orchestrator = await OrchestratorOnFakes.start();
    const { status, body } = await submit({ output: { region: 'eu-west-1' } }, { output: '/data/out' });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'location-invalid' });
    expect(body.detail).toContain('is a folder');
  });
});
