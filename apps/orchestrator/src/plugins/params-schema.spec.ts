import { describe, expect, it } from '@jest/globals';
import { LongshoreError, readParams } from '@longshore/core';
import { aPlugin } from '@longshore/core/testing';
import type { PluginAnswer } from '@longshore/core/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { SegmentationParams } from '../testing/some-params.js';
import { paramsSchema } from '@longshore/core/json-schema';

describe('the schema of the parameters of a plugin', () => {
  const plugin = aPlugin({}, { params: SegmentationParams });

  it('says what each may be, and what it is where nothing is said', () => {
    expect(paramsSchema(plugin)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 10_000, default: 30 },
        colour: { type: 'string', maxLength: 20 },
        method: { enum: ['fast', 'exact'], default: 'fast' },
        invert: { type: 'boolean', default: false },
      },
    });
    expect(paramsSchema(plugin)).not.toHaveProperty('required');
    expect(paramsSchema(aPlugin())).toMatchObject({ type: 'object', properties: {} });
  });

  it.each([
    {},
    { size: 1, method: 'exact', invert: true, colour: 'red' },
    { size: 0 },
    { size: 1.5 },
    { method: 'slow' },
    { invert: 1 },
    { colour: 'x'.repeat(21) },
    { shape: 'round' },
  ])('takes and refuses %j as the orchestrator does', (params) => {
    const fits = new Ajv2020().validate(paramsSchema(plugin), params);
    const isTaken = (() => {
      try {
        readParams(plugin, params);
        return true;
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(LongshoreError);
        return false;
      }
    })();
    expect(fits).toBe(isTaken);
  });

  it('is told with the plugin; what is wrong with a job is told field by field, and nothing is stored', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({}, [plugin]);
    const { body } = await orchestrator.get<PluginAnswer>('/api/v1/plugins/echo');
    expect(body).toMatchObject({
      name: 'echo',
      version: '1.0.0',
      params_schema: { properties: { size: { default: 30 } } },
    });
    expect(await orchestrator.get('/api/v1/plugins/none')).toMatchObject({ status: 404 });
    const job = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
    const pointers = async (changes: Record<string, unknown>) => {
      const { status, body: problem } = await orchestrator.post<{ errors: { pointer: string }[] }>('/api/v1/jobs', {
        ...job,
        ...changes,
      });
      expect(status).toBe(400);
      return problem.errors.map(({ pointer }) => pointer).sort();
    };
    expect(await pointers({ params: { size: 0, shape: 'round' } })).toEqual(['/params/shape', '/params/size']);
    expect(await pointers({ plugin: 'none', input: 'ftp://x', params: { size: 0 } })).toEqual(['/input', '/plugin']);
    expect(await pointers({ input: 'ftp://x', params: { size: 0 } })).toEqual(['/input', '/params/size']);
    expect(await pointers({ output: job.input })).toEqual(['/output']);
    const wrong = { policy: { maxAttempts: 0, retry: [{ on: { exit: 'x' }, then: 'hope' }] }, batching: { 'a/b': 1 } };
    expect(await pointers(wrong)).toEqual([
      '/batching/a~1b',
      '/policy/maxAttempts',
      '/policy/retry/0/on/exit',
      '/policy/retry/0/then',
    ]);
    expect((await orchestrator.get('/api/v1/jobs')).body).toEqual({ items: [], total: 0 });
  });
});
