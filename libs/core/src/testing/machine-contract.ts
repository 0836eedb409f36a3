/** What every machine must do, whatever cloud lends it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Interruption, Machine, MachineIdentity } from '../ports/machine.js';

export interface MachineSubject {
  machine: Machine;
  known: MachineIdentity;
  /** What is coming from now on; a reclaim in two minutes. */
  announce(coming: 'reclaim' | 'rebalance' | 'both' | 'nothing'): void;
  /** How the cloud was told to end machines, in order, such as `stop i-1`. Other machines exist. */
  ended(): Promise<string[]>;
  /** From now on this machine may not be ended by anybody who runs on it. */
  forbid(): Promise<void>;
  /** From now on no cloud answers. */
  leave(): Promise<void>;
  /** The same machine seen by a process that has just started. */
  fresh(): Machine;
  close(): Promise<void>;
}

export function machineContract(name: string, open: () => Promise<MachineSubject>): void {
  describe(name, () => {
    let subject: MachineSubject;
    let machine: Machine;

    beforeEach(async () => {
      subject = await open();
      ({ machine } = subject);
    });

    afterEach(() => subject.close());

    it('says who it is', async () => {
      expect(await machine.identity()).toEqual(subject.known);
    });

    it('says nothing while nothing is coming, and again when it is taken back', async () => {
      expect(await machine.interruption()).toBeUndefined();
      subject.announce('rebalance');
      expect(await machine.interruption()).toEqual({ kind: 'rebalance' });
      subject.announce('nothing');
      expect(await machine.interruption()).toBeUndefined();
    });

    it('tells a reclaim before a rebalance, and how long is left', async () => {
      subject.announce('both');
      const coming = (await machine.interruption()) as Interruption & { kind: 'reclaim' };
      expect(coming).toMatchObject({ kind: 'reclaim', action: 'terminate' });
      expect(coming.inMs).toBeGreaterThan(60_000);
      expect(coming.inMs).toBeLessThanOrEqual(121_000);
    });

    it.each(['stop', 'terminate'] as const)('G10: ends itself and no other, by %s', async (how) => {
      await machine.end(how);
      expect(await subject.ended()).toEqual([`${how} ${subject.known.instanceId}`]);
    });

    it('G10: says so when it may not be ended, and is not', async () => {
      await subject.forbid();
      await expect(machine.end('stop')).rejects.toMatchObject({ code: 'access-denied' });
      expect(await subject.ended()).toEqual([]);
    });

    it('G4: is nobody, is told nothing and ends nothing where no cloud answers', async () => {
      await subject.leave();
      const alone = subject.fresh();
      expect(await alone.identity()).toBeUndefined();
      await expect(alone.interruption()).rejects.toMatchObject({ code: 'machine-unknown' });
      await expect(alone.end('terminate')).rejects.toMatchObject({ code: 'machine-unknown' });
      expect(await subject.ended()).toEqual([]);
    });
  });
}
