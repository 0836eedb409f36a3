import { describe, expect, it } from '@jest/globals';
import { containerSpec, limitsOf, networks, underPolicy, type ContainerDefinition } from '@longshore/core';
import type { HostConfig } from 'dockerode';
import fc from 'fast-check';
import { containerOptions, IDLE } from './container-options.js';

const text = fc.string({ unit: 'binary' });
const sizes = fc.integer({ min: 1, max: 2 ** 45 });
const counts = fc.integer({ min: 1, max: 1e6 });

/** Fields that no plugin has, and that would open the walls if anything passed them on. */
const smuggled = {
  privileged: true,
  Privileged: true,
  CapAdd: ['ALL'],
  Binds: ['/:/host'],
  PidMode: 'host',
  IpcMode: 'host',
  Devices: [{ PathOnHost: '/dev/sda' }],
  SecurityOpt: ['seccomp=unconfined'],
  user: '0:0',
  User: '0:0',
};

const definitions: fc.Arbitrary<ContainerDefinition> = fc
  .record({
    image: text,
    name: text,
    lifecycle: fc.constantFrom('long-lived' as const, 'per-task' as const),
    mounts: fc.record({ inputs: text, outputs: text }),
    resources: fc.record({
      cpus: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
      memory: sizes.map((bytes) => `${bytes}B`),
      pids: counts,
      openFiles: counts,
      outputBytes: sizes.map((bytes) => `${bytes}B`),
      outputFiles: counts,
      temporaryBytes: sizes.map((bytes) => `${bytes}B`),
    }),
    network: fc.constantFrom(...networks),
  })
  .map((definition) => ({ ...smuggled, ...definition, resources: { ...smuggled, ...definition.resources } }));

const largest = fc.record({
  cpus: fc.double({ min: 0.01, max: 64, noNaN: true }),
  memoryBytes: sizes,
  pids: counts,
  openFiles: counts,
  outputBytes: sizes,
  outputFiles: counts,
  temporaryBytes: sizes,
});

const place = { name: 'slot', labels: {}, user: '65534:65534', folders: { inputs: '/w/in', outputs: '/w/out' } };

describe('what the engine is asked for', () => {
  it('S14: satisfies the policy of the operator for any definition of a plugin', () => {
    fc.assert(
      fc.property(definitions, largest, (wished, most) => {
        const allowed = underPolicy({ ...wished, network: 'none' }, { largest: most, networks: ['none'] });
        const { HostConfig: walls = {}, User } = containerOptions(containerSpec(allowed.definition, place), IDLE, 64);
        const ulimits = Object.fromEntries(
          (walls.Ulimits as Limit[]).map(({ Name, Soft, Hard }) => [Name, [Soft, Hard]]),
        );
        const limits = limitsOf(allowed.definition.resources);

        expect(User).toBe('65534:65534');
        expect(walls).toMatchObject(closed);
        for (const hole of Object.keys(smuggled)) if (hole !== 'SecurityOpt') expect(walls).not.toHaveProperty(hole);
        expect(walls.Mounts?.map(({ Source, ReadOnly }) => [Source, ReadOnly])).toEqual([
          ['/w/in', true],
          ['/w/out', false],
        ]);
        expect(walls.Memory).toBeLessThanOrEqual(most.memoryBytes);
        expect(walls.MemorySwap).toBe(walls.Memory);
        expect(walls.NanoCpus).toBeLessThanOrEqual(Math.ceil(most.cpus * 1e9));
        expect(walls.PidsLimit).toBeLessThanOrEqual(most.pids);
        expect(ulimits.nofile).toEqual([limits.openFiles, limits.openFiles]);
        expect(limits.openFiles).toBeLessThanOrEqual(most.openFiles);
        expect(ulimits.fsize).toEqual([limits.outputBytes + 1, limits.outputBytes + 1]);
        expect(limits.outputBytes).toBeLessThanOrEqual(most.outputBytes);
        expect(ulimits.core).toEqual([0, 0]);
      }),
    );
  });
});

interface Limit {
  Name: string;
  Soft: number;
  Hard: number;
}

const closed: Partial<HostConfig> = {
  NetworkMode: 'none',
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  Init: true,
};
