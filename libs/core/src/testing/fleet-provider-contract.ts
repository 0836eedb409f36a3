/** What everybody who makes workers must do, whatever they run on. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FleetDescription, FleetProvider, FleetTemplate } from '../ports/fleet-provider.js';

export interface FleetSubject {
  provider: FleetProvider;
  /** The same fleets, seen by another process. */
  other: FleetProvider;
  template: FleetTemplate;
  /** Ends one, which nobody told to leave. */
  kill(id: string): Promise<void>;
  /** Waits until everybody of a fleet works, and would take their time from now on if they were told to leave. */
  dawdle(fleet: string): Promise<void>;
  /** Lets everybody leave who was told to. */
  finish(fleet: string): Promise<void>;
  close(): Promise<void>;
}

export function fleetProviderContract(name: string, open: () => Promise<FleetSubject>): void {
  describe(name, () => {
    let subject: FleetSubject;
    let provider: FleetProvider;
    const workers = ({ members }: FleetDescription, state = 'running') =>
      members.filter((member) => member.state === state).map(({ worker }) => worker);

    beforeEach(async () => {
      subject = await open();
      ({ provider } = subject);
    });

    afterEach(() => subject.close());

    it('knows no fleet that nobody made', async () => {
      expect(await provider.describe('nuclei')).toBeUndefined();
      await expect(provider.scale('nuclei', { workers: 1 })).rejects.toMatchObject({ code: 'invalid-configuration' });
      expect(await provider.describe('nuclei')).toBeUndefined();
    });

    it('makes as many workers as are wanted, each with a name of its own, for everybody to see', async () => {
      const { template } = subject;
      const fleet = await provider.scale('nuclei', { workers: 3, template });
      expect(fleet).toMatchObject({ name: 'nuclei', wanted: 3, template });
      expect(new Set(workers(fleet)).size).toBe(3);
      expect(await subject.other.describe('nuclei')).toEqual(fleet);
    });

    it('changes nothing when it is asked for what is there', async () => {
      const fleet = await provider.scale('nuclei', { workers: 2, template: subject.template });
      expect(await subject.other.scale('nuclei', { workers: 2 })).toEqual(fleet);
    });

    it('adds to those that are there, and lets the youngest leave first', async () => {
      const { template } = subject;
      const [first, second] = workers(await provider.scale('nuclei', { workers: 2, template }));
      const three = workers(await provider.scale('nuclei', { workers: 3 }));
      expect(three.slice(0, 2)).toEqual([first, second]);
      await subject.dawdle('nuclei');
      const one = await provider.scale('nuclei', { workers: 1 });
      expect([workers(one), workers(one, 'draining')]).toEqual([[first], three.slice(1)]);
      await subject.finish('nuclei');
      expect((await provider.describe('nuclei'))?.members.map(({ worker }) => worker)).toEqual([first]);
    });

    it('never doubles, when several ask at the same time', async () => {
      const { other, template } = subject;
      const wish = { workers: 2, template };
      await Promise.all([provider.scale('nuclei', wish), other.scale('nuclei', wish), provider.scale('nuclei', wish)]);
      expect(workers((await other.describe('nuclei'))!)).toHaveLength(2);
    });

    it('says which worker is gone, and replaces it under another name when it is asked again', async () => {
      const fleet = await provider.scale('nuclei', { workers: 2, template: subject.template });
      const [lost, left] = fleet.members as [FleetDescription['members'][0], FleetDescription['members'][0]];
      await subject.kill(lost.id);
      const seen = (await provider.describe('nuclei'))!;
      expect([workers(seen), workers(seen, 'gone')]).toEqual([[left.worker], [lost.worker]]);
      const mended = await provider.scale('nuclei', { workers: 2 });
      expect(workers(mended)).toHaveLength(2);
      expect(workers(mended)[0]).toBe(left.worker);
      expect(mended.members.map(({ worker }) => worker)).not.toContain(lost.worker);
    });

    it('does not count on those that are leaving', async () => {
      const { template } = subject;
      const [first] = workers(await provider.scale('nuclei', { workers: 1, template }));
      await subject.dawdle('nuclei');
      await provider.scale('nuclei', { workers: 0 });
      const again = await provider.scale('nuclei', { workers: 1 });
      expect(workers(again, 'draining')).toEqual([first]);
      expect(workers(again)).toHaveLength(1);
    });

    it('ends at once who is too many or takes too long, when it is told to', async () => {
      await provider.scale('nuclei', { workers: 2, template: subject.template });
      await subject.dawdle('nuclei');
      await provider.scale('nuclei', { workers: 1 });
      await provider.scale('nuclei', { workers: 0, surplus: 'now' });
      await subject.finish('nuclei');
      expect(await provider.describe('nuclei')).toMatchObject({ wanted: 0, members: [] });
    });

    it('starts nobody with other settings beside those that live', async () => {
      const { template } = subject;
      const fleet = await provider.scale('nuclei', { workers: 1, template });
      const wish = { workers: 2, template: { ...template, slots: template.slots + 1 } };
      await expect(provider.scale('nuclei', wish)).rejects.toMatchObject({
        code: 'invalid-configuration',
        message: expect.stringContaining('slots') as unknown,
      });
      expect(await provider.describe('nuclei')).toEqual(fleet);
      await provider.scale('nuclei', { workers: 0, surplus: 'now' });
      await subject.finish('nuclei');
      expect((await provider.scale('nuclei', wish)).template).toEqual(wish.template);
    });

    it('keeps fleets apart', async () => {
      const { template } = subject;
      const nuclei = await provider.scale('nuclei', { workers: 1, template });
      const cells = await provider.scale('cells', { workers: 1, template });
      expect(workers(nuclei)).not.toEqual(workers(cells));
      await provider.scale('cells', { workers: 0, surplus: 'now' });
      expect(await provider.describe('nuclei')).toEqual(nuclei);
    });
  });
}
