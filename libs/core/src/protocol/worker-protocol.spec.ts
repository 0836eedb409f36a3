import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { errorCodes, type ErrorCode } from '../errors/codes.js';
import { failure, type Failure } from '../words/failure.js';
import {
  AckRequest,
  AssignmentQuery,
  failureDetails,
  HeartbeatRequest,
  readFailure,
  RegisterRequest,
  StatusRequest,
} from './worker-protocol.js';

const overTheWire = (failed: Failure): Failure =>
  readFailure(JSON.parse(JSON.stringify(failureDetails(failed))) as Record<string, unknown>, 'internal-error');

describe('a failure on the wire', () => {
  it('arrives as it was sent, with its class', () => {
    const codes = fc.constantFrom(...(Object.keys(errorCodes) as ErrorCode[]));
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    const facts = fc.record({ objectKey: text, log: text }, { requiredKeys: [] });
    fc.assert(
      fc.property(codes, text, facts, (code, message, more) => {
        const failed = failure(code, message, more);
        expect(overTheWire(failed)).toEqual(failed);
      }),
    );
  });

  it('loses the end of an endless message and the beginning of an endless log', () => {
    const arrived = overTheWire(
      failure('command-failed', `what happened ${'x'.repeat(5_000)}`, { log: `${'x'.repeat(50_000)} last words` }),
    );
    expect(arrived.message).toHaveLength(4_000);
    expect(arrived.message).toMatch(/^what happened /);
    expect(arrived.log).toHaveLength(16_384);
    expect(arrived.log).toMatch(/ last words$/);
  });

  it.each<[string, Record<string, unknown> | undefined, Partial<Failure>]>([
    ['nothing at all', undefined, { code: 'command-failed', message: 'The worker gave no reason.' }],
    ['text alone', { error: 'It broke.' }, { code: 'command-failed', class: 'job', message: 'It broke.' }],
    ['a code nobody knows', { error: 'It broke.', code: 'toString' }, { code: 'command-failed', message: 'It broke.' }],
    [
      'a code alone',
      { code: 'disk-full' },
      { code: 'disk-full', class: 'infra', message: 'The worker gave no reason.' },
    ],
    ['fields of other kinds', { error: 7, code: 7, object_key: 7, log: 7 }, { code: 'command-failed' }],
  ])('is understood when a worker of the original system sends %s', (_, details, expected) => {
    const read = readFailure(details, 'command-failed');
    expect(read).toMatchObject(expected);
    expect(read).not.toHaveProperty('objectKey');
    expect(read).not.toHaveProperty('log');
  });
});

describe('a request of a worker', () => {
  const faults = <T extends object>(type: new () => T, body: unknown): string[] =>
    validateSync(plainToInstance(type, body), { whitelist: true }).map(({ property }) => property);

  it('may say no more than the original system does', () => {
    expect(faults(RegisterRequest, { hostname: 'machine', capabilities: [] })).toEqual([]);
    expect(faults(AckRequest, {})).toEqual([]);
    expect(faults(StatusRequest, { status: 'completed' })).toEqual([]);
    expect(faults(AssignmentQuery, {})).toEqual([]);
  });

  it('may say all we know', () => {
    const register = { hostname: 'm', capabilities: ['gpu'], plugin: 'echo', slots: 4, instance: {}, protocol: 1 };
    expect(faults(RegisterRequest, register)).toEqual([]);
    expect(faults(AckRequest, { assignment_id: 'task.1', fence: 1 })).toEqual([]);
    expect(faults(HeartbeatRequest, { assignments: [{ assignment_id: 'task.1', fence: 1 }], stats: {} })).toEqual([]);
    expect(faults(AssignmentQuery, { wait: '20', max: '4' })).toEqual([]);
  });

  it.each<[string, new () => object, unknown]>([
    ['hostname', RegisterRequest, {}],
    ['slots', RegisterRequest, { hostname: 'm', slots: 0 }],
    ['capabilities', RegisterRequest, { hostname: 'm', capabilities: ['a', 7] }],
    ['wait', AssignmentQuery, { wait: '61' }],
    ['max', AssignmentQuery, { max: 'many' }],
    ['fence', AckRequest, { fence: 0 }],
    ['status', StatusRequest, { status: '' }],
    ['assignments', HeartbeatRequest, {}],
    ['assignments', HeartbeatRequest, { assignments: [{ assignment_id: 'task.1' }] }],
  ])('is refused by name for a faulty %s', (field, type, body) => {
    expect(faults(type, body)).toEqual([field]);
  });
});
