import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roles, type Role } from '@longshore/core';
import { aPlugin, SeededChance } from '@longshore/core/testing';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { SegmentationParams } from '../testing/some-params.js';
import { adminToken, configuredJoinToken, createToken, joinWith } from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { ValuesOf } from '../testing/values-of.js';

type Schema = Record<string, unknown>;

interface Operation {
  operationId: string;
  summary?: string;
  'x-roles': Role[];
  security: unknown[];
  parameters?: { name: string; in: string; schema?: Schema; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Described {
  method: string;
  path: string;
  operation: Operation;
}

/** So many of each operation for each role; what is found is the same every time. */
const rounds = Number(process.env.FUZZ_ROUNDS ?? 8);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_121);

/** No file to copy lies under a store in memory, and no accident makes a manifest of outputs that were staged. */
const neverHere = ['Backup.backup', 'Outside.complete'];

describe('the description of the API', () => {
  let orchestrator: OrchestratorOnFakes;
  let operations: Described[];
  let schemas: Record<string, Schema>;
  let document: {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  };
  const tokens = new Map<Role | 'nobody', string | undefined>([['nobody', undefined]]);
  /** Ids of what is there, so that not every request ends at a 404. */
  const known: Record<string, string[]> = {};
  const validators = new Map<string, ValidateFunction>();
  /** Operations that were let through at least once, for what is refused every time shows little. */
  const succeeded = new Set<string>();
  let ajv: Ajv2020;

  beforeAll(async () => {
    orchestrator = await OrchestratorOnFakes.start(
      {
        LONGSHORE_ADMIN_TOKEN: adminToken,
        LONGSHORE_JOIN_TOKEN: configuredJoinToken,
        LONGSHORE_FAILED_TOKENS_PER_MINUTE: '100000',
      },
      [aPlugin({}, { params: SegmentationParams }), aPlugin({}, { name: 'other', version: '2.0.0' })],
    );
    for (const role of ['admin', 'submit', 'read', 'join'] as const) {
      tokens.set(role, (await createToken(orchestrator, { role })).token);
    }
    const worker = await joinWith(orchestrator, tokens.get('join'), { plugin: 'echo', slots: 2 });
    tokens.set('worker', worker.token);
    known.worker_id = [worker.worker_id];
    // To be drained.
    known.worker = [(await joinWith(orchestrator, tokens.get('join'), { plugin: 'other' })).worker_id];
    document = (await orchestrator.ask<typeof document>('GET', '/api/v1/openapi.json')).body;
    schemas = document.components.schemas;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
    ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
    ajv.addSchema({ $id: 'api', components: document.components });
    await someWork(worker);
  });
  afterAll(() => orchestrator[Symbol.asyncDispose]());

  /** Jobs and tasks in as many states as can be had quickly. */
  async function someWork(worker: { worker_id: string; token: string }): Promise<void> {
    orchestrator.putImages('a.png', 'b.png', 'c.png', '<img src=x onerror=alert(1)>.png', 'rtl-\u202egnp.exe');
    const body = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/', batching: { maxObjects: 1 } };
    const jobs = [];
    for (let job = 0; job < 8; job += 1) {
      const output = `s3://results/${job}/`;
      jobs.push(await orchestrator.ask('POST', '/api/v1/jobs', { token: adminToken, body: { ...body, output } }));
    }
    known.job = jobs.map(({ body: { id } }) => String(id));
    for (const [job, id] of known.job.entries()) {
      orchestrator.objects.put('results', `${job}/echo`, Buffer.from('report'));
      const record = { reports: [{ name: 'echo', size_bytes: 6, sha256: 'f'.repeat(64) }] };
      await orchestrator.store.changeRecord(`reports of job ${id}`, () => ({ record }));
    }
    const tasksOf = async (id: string) =>
      (await orchestrator.ask<{ items: { id: string }[] }>('GET', `/api/v1/jobs/${id}/tasks`, { token: adminToken }))
        .body.items;
    for (let tries = 0; tries < 200 && (await tasksOf(known.job.at(-1)!)).length < 5; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const path = `/assignment/${worker.worker_id}?max=2`;
    const { body: given } = await orchestrator.ask<{
      assignments: { task_id: string; assignment_id: string; fence: number }[];
    }>('GET', path, { token: worker.token });
    const [first] = given.assignments;
    await orchestrator.ask('POST', `/status/${worker.worker_id}`, {
      token: worker.token,
      body: {
        status: 'failed',
        assignment_id: first!.assignment_id,
        fence: first!.fence,
        details: { error: 'It broke on "a.png".', code: 'command-failed', exit_code: 3, log: 'last words\u0007' },
      },
    });
    // Nobody cancels the job of these.
    const tasks = (await tasksOf(known.job.pop()!)).map(({ id }) => id);
    known.token = [];
    for (let token = 0; token < 20; token += 1) {
      known.token.push((await createToken(orchestrator, { role: 'read' })).id);
    }
    known.task = [...given.assignments.map(({ task_id }) => task_id), ...tasks];
  }

  it('is OpenAPI 3.1 and holds every route, each with what it is for, and no other', () => {
    expect(document.openapi).toBe('3.1.0');
    const described = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect(described.sort()).toEqual(orchestrator.routes.map(({ method, path }) => `${method} ${path}`).sort());
    const silent = operations.filter(({ operation }) => !operation.summary || !operation['x-roles']);
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('has a name of its own for each operation, and a schema for whatever it refers to', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    const missing = references.map(([, name = '']) => name).filter((name) => !(name in schemas));
    expect([...new Set(missing)]).toEqual([]);
    for (const name of Object.keys(schemas))
      expect(() => validator({ $ref: `#/components/schemas/${name}` })).not.toThrow();
  });

  it('is kept: whoever asks whatever, no answer is a 5xx, and each fits its schema and its roles', async () => {
    const values = new ValuesOf(new SeededChance(seed), schemas, {
      plugin: ['echo'],
      input: ['s3://images/in/'],
      output: Array.from({ length: 100 }, (_, index) => `s3://results/fuzz-${index}/`),
      params: [{}, { size: 40, method: 'exact' }, { size: 0 }],
      groups: [[{ variables: { well: 'A01' }, objects: ['*.png', { prefix: 'rtl' }] }], undefined],
      variables: [{ plate: '$(reboot)' }, undefined, undefined],
      imageDigest: [`sha256:${'0'.repeat(64)}`],
      skip: [{ by: 'none' }, { by: 'manifest' }],
      storage: [{ output: { tags: { a: 'b' } } }, undefined],
      worker_id: known.worker_id!,
      fence: [1],
      reason: ['command-failed'],
      task: known.task!,
      assignment_id: known.task!.map((id) => `${id}.1`),
      assignments: [[], ...known.task!.map((id) => [{ assignment_id: `${id}.1`, fence: 1 }])],
      status: ['processing', 'failed', 'released'],
    });
    const faults: string[] = [];
    const silent = () => operations.filter(({ operation }) => !succeeded.has(operation.operationId));
    const isAwaited = () => silent().some(({ operation }) => !neverHere.includes(operation.operationId));
    // What needs many fields to be right at once, or another request before it, is let through by chance alone, which may take a while.
    for (let round = 0; round < rounds || (round < 5 * rounds && isAwaited()); round += 1) {
      for (const described of operations) {
        for (const who of ['nobody', ...roles] as const) {
          // Who is refused is refused whatever they say.
          const isRefused = who === 'nobody' || !described.operation['x-roles'].includes(who);
          if (round > 0 && isRefused) continue;
          const fault = await faultOf(described, who, values);
          if (fault) faults.push(fault);
        }
      }
    }
    // What chance has let nobody do until now is tried for longer.
    for (let round = 0; round < 20 * rounds; round += 1) {
      for (const described of operations) {
        const { operationId, 'x-roles': allowed } = described.operation;
        if (succeeded.has(operationId) || neverHere.includes(operationId)) continue;
        const fault = await faultOf(described, allowed.at(-1)!, values);
        if (fault) faults.push(fault);
      }
    }
    expect(faults.slice(0, 20)).toEqual([]);
    expect(
      silent()
        .map(({ operation }) => operation.operationId)
        .sort(),
    ).toEqual(neverHere);
  }, 120_000);

  async function faultOf(
    { method, path, operation }: Described,
    who: Role | 'nobody',
    values: ValuesOf,
  ): Promise<string | undefined> {
    const token = tokens.get(who);
    const at = addressOf(path, operation, values);
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    const body = schema && values.value(schema);
    const headers: Record<string, string> = values.oneIn(4) ? { 'idempotency-key': values.pick(['a', 'b', ' ']) } : {};
    const answer = await orchestrator.ask(method, at, {
      token,
      headers,
      ...(schema && { body: body === undefined ? {} : body }),
    });
    const said = `${who}: ${method} ${at} ${JSON.stringify(body)?.slice(0, 300)} -> ${answer.status} ${JSON.stringify(answer.body).slice(0, 600)}`;
    const isOpen = operation.security.length === 0;
    const allowed = isOpen || (who !== 'nobody' && operation['x-roles'].includes(who));
    if (answer.status >= 500) return `5xx: ${said}`;
    if (!isOpen && who === 'nobody' && answer.status !== 401) return `let in: ${said}`;
    if (who !== 'nobody' && !allowed && answer.status !== 403) return `let in: ${said}`;
    if (allowed && answer.status === 401) return `kept out: ${said}`;
    if (answer.status < 300) succeeded.add(operation.operationId);
    // Those that were there at the beginning are soon cancelled.
    if (operation.operationId === 'Jobs.create' && answer.status === 201) known.job?.push(String(answer.body.id));
    const declared = operation.responses[String(answer.status)];
    if (!declared) return `undeclared: ${said}`;
    const media = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const content = declared.content?.[media];
    if (!content) return `another type (${media}): ${said}`;
    if (!/[/+]json$/.test(media)) return undefined;
    const fits = validator(content.schema);
    return fits(answer.body) ? undefined : `does not fit (${ajv.errorsText(fits.errors)}): ${said}`;
  }

  function addressOf(path: string, { parameters = [] }: Operation, values: ValuesOf): string {
    const names: Record<string, string> = { number: 'number', name: 'plugin' };
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const kind = name === 'id' ? (/\/api\/v1\/(\w+?)s\//.exec(path)?.[1] ?? '') : (names[name] ?? name);
      const there = { number: ['1', '2'], plugin: ['echo', 'other'], ...known }[kind] ?? [];
      if (values.oneIn(8) || there.length === 0) return encodeURIComponent(wellFormed(values.strange()) || 'none');
      return encodeURIComponent(values.pick(there));
    });
    const query = new URLSearchParams();
    for (const { name, in: place, schema = {} } of parameters) {
      if (place !== 'query' || values.oneIn(2)) continue;
      // Nobody waits here.
      if (name === 'wait') query.set(name, '0');
      else query.set(name, wellFormed(values.value(schema)));
    }
    if (values.oneIn(15)) query.set('nobody_knows', '1');
    return `${filled}${query.size > 0 ? `?${query.toString()}` : ''}`;
  }

  function wellFormed(value: unknown): string {
    return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
  }

  function validator(schema: Schema): ValidateFunction {
    const text = JSON.stringify(schema);
    const found =
      validators.get(text) ?? ajv.compile(JSON.parse(text.replaceAll('"#/components', '"api#/components')) as Schema);
    validators.set(text, found);
    return found;
  }
});
