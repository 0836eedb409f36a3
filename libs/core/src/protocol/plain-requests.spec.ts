import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aManifest, aTask } from '../testing/builders.js';
import { readPlainRequest } from './plain-requests.js';
import { spoiled, strange, way } from '../testing/spoiling.js';
import { AckRequest, AssignmentQuery, HeartbeatRequest, RegisterRequest, StatusRequest } from './worker-protocol.js';
import { TurnRequest } from './worker-turn.js';

const turn = {
  reports: [
    { status: 'published', assignment_id: 'task.1', fence: 1 },
    {
      status: 'completed',
      assignment_id: 'task.2',
      fence: 2,
      details: { manifest: aManifest(aTask()) },
      traceparent: 't',
    },
  ],
  assignments: [{ assignment_id: 'task.3', fence: 1 }],
  stats: { cpu: 1 },
  max: 4,
  wait: 20,
  request_id: 'one',
};

const held = { assignment_id: 'task.1', fence: 1 };
const details = { manifest: aManifest(aTask()) };
const requests: [string, new () => object, object][] = [
  ['a turn', TurnRequest, turn],
  ['an acknowledgement', AckRequest, { ...held, request_id: 'one' }],
  ['a status', StatusRequest, { ...held, status: 'completed', details, request_id: 'one', traceparent: 't' }],
  ['a heartbeat', HeartbeatRequest, { assignments: [held], stats: { cpu: 1 }, request_id: 'one' }],
];

describe.each(requests)('%s that is plainly right', (_, type, whole) => {
  it('is taken as it is', () => {
    expect(readPlainRequest(type, whole)).toBe(whole);
    for (const nothing of [undefined, null, 5, 'text', []]) expect(readPlainRequest(type, nothing)).toBeUndefined();
  });

  it('is never one that the validators would refuse, or take something from', () => {
    const property = fc.property(way, strange, (path, odd) => {
      const request = spoiled(whole, path, odd);
      if (readPlainRequest(type, request) === undefined) return;
      const message = plainToInstance(type, request);
      expect(validateSync(message, { whitelist: true })).toEqual([]);
      expect(JSON.parse(JSON.stringify(message))).toEqual(JSON.parse(JSON.stringify(request)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

describe('a query for work', () => {
  it('is read as the validators read it, or left to them', () => {
    const told = fc.constantFrom(
      '0',
      '1',
      '4',
      '20',
      '60',
      '61',
      '0.5',
      '1e1',
      '-1',
      '',
      ' 1',
      '0x10',
      '2000',
      'NaN',
      'long',
    );
    const property = fc.property(fc.record({ wait: told, max: told, other: told }, { requiredKeys: [] }), (query) => {
      const read = readPlainRequest(AssignmentQuery, query);
      if (read === undefined) return;
      const message = plainToInstance(AssignmentQuery, query);
      expect(validateSync(message, { whitelist: true })).toEqual([]);
      expect({ ...(read as object) }).toEqual({ ...message });
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(readPlainRequest(AssignmentQuery, { wait: '20', max: '4' })).toEqual({ wait: 20, max: 4 });
    for (const strange of [{ wait: 'long' }, { max: '0' }, { wait: ['1', '2'] }, { sort: '1' }]) {
      expect(readPlainRequest(AssignmentQuery, strange)).toBeUndefined();
    }
  });

  it('is the only one of its kind: other requests are left to the validators', () => {
    expect(readPlainRequest(RegisterRequest, { hostname: 'one' })).toBeUndefined();
    expect(readPlainRequest(undefined, {})).toBeUndefined();
  });
});
