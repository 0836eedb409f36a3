import { LongshoreError } from '../errors/longshore-error.js';
import type { Interruption } from '../ports/machine.js';
import { machineContract } from './machine-contract.js';
import { ScriptedMachine } from './scripted-machine.js';

const known = { instanceId: 'i-1', type: 'm5.large', zone: 'us-east-1a', region: 'us-east-1' };
const reclaim: Interruption = { kind: 'reclaim', action: 'terminate', inMs: 120_000 };
const coming = { reclaim, both: reclaim, rebalance: { kind: 'rebalance' as const }, nothing: undefined };

machineContract('a scripted machine', async () => {
  const machine = new ScriptedMachine(known);
  return {
    machine,
    known,
    announce: (what) => (machine.coming = coming[what]),
    ended: async () => machine.ended.map((how) => `${how} ${known.instanceId}`),
    forbid: async () => void (machine.refusal = new LongshoreError('access-denied', 'It may not be ended.')),
    leave: async () => undefined,
    fresh: () => new ScriptedMachine(),
    close: async () => undefined,
  };
});
