import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aPlugin } from '../testing/builders.js';
import { underPolicy, type ContainerPolicy } from './container-policy.js';
import { networks, type ContainerDefinition } from './job-plugin.js';
import { limitsOf, type Limits } from './resource-limits.js';

/** Of an operator who says nothing. */
const silent: ContainerPolicy = { largest: {}, networks: ['none'] };

const { container } = aPlugin();
const wishing = (changes: Partial<ContainerDefinition>): ContainerDefinition => ({ ...container, ...changes });
const policy = (changes: Partial<ContainerPolicy>): ContainerPolicy => ({ ...silent, ...changes });

describe('an operator’s policy', () => {
  it('leaves a modest plugin as it is, with the usual limits filled in', () => {
    const { definition, reduced } = underPolicy(container, silent);
    expect(reduced).toEqual([]);
    expect(definition).toEqual({
      ...container,
      resources: {
        ...container.resources,
        openFiles: 1_024,
        outputBytes: '4GiB',
        outputFiles: 20_000,
        temporaryBytes: '64MiB',
      },
    });
  });

  it('gives less than is wished for, and says so', () => {
    const resources = { cpus: 16, memory: '64GiB', pids: 32 };
    const given = underPolicy(wishing({ resources }), policy({ largest: { cpus: 2, memoryBytes: 3 * 2 ** 29 } }));
    expect(given.definition.resources).toMatchObject({ cpus: 2, memory: '1.5GiB', pids: 32 });
    expect(given.reduced).toEqual([
      'The plugin asks for 16 processors; this worker gives it 2 processors.',
      'The plugin asks for 64.0 GiB of memory; this worker gives it 1.5 GiB of memory.',
    ]);
  });

  it.each(['bridge', 'host'] as const)('S14: refuses the network "%s" unless it is allowed', (network) => {
    expect(() => underPolicy(wishing({ network }), silent)).toThrow(/LONGSHORE_ALLOW_NETWORKS|network/);
    expect(underPolicy(wishing({ network }), policy({ networks: ['none', network] })).definition.network).toBe(network);
  });

  it.each([
    ['busybox:1.36', ['busybox:1.36'], true],
    ['busybox:1.36', ['busybox:*'], true],
    ['ghcr.io/lab/tool@sha256:abc', ['ghcr.io/lab/*'], true],
    ['evil.example/ghcr.io/lab/tool', ['ghcr.io/lab/*'], false],
    ['busybox:1.36-evil', ['busybox:1.36'], false],
    ['busyboxx1.36', ['busybox.1.36'], false],
    ['a\nbusybox:1', ['busybox:*'], false],
  ])('S14: allows the image %j by %j: %s', (image, images, allowed) => {
    const asked = () => underPolicy(wishing({ image }), policy({ images }));
    if (allowed) expect(asked().definition.image).toBe(image);
    else expect(asked).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
  });

  it('S14: is never exceeded, whatever is wished for', () => {
    const counts = fc.integer({ min: 1, max: 1e9 });
    const sizes = fc.integer({ min: 1, max: 2 ** 45 });
    const resources = fc.record(
      {
        cpus: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        memory: sizes.map((bytes) => `${bytes}B`),
        pids: counts,
        openFiles: counts,
        outputBytes: sizes.map((bytes) => `${bytes}B`),
        outputFiles: counts,
        temporaryBytes: sizes.map((bytes) => `${bytes}B`),
      },
      { requiredKeys: ['cpus', 'memory', 'pids'] },
    );
    const largest = fc.record(
      {
        cpus: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        memoryBytes: sizes,
        pids: counts,
        openFiles: counts,
        outputBytes: sizes,
        outputFiles: counts,
        temporaryBytes: sizes,
      },
      { requiredKeys: [] },
    );
    const definitions = fc
      .tuple(resources, fc.constantFrom(...networks))
      .map(([wished, network]) => wishing({ resources: wished, network }));
    fc.assert(
      fc.property(definitions, largest, fc.subarray([...networks]), (definition, most, allowed) => {
        const operators = { largest: most, networks: allowed };
        if (!allowed.includes(definition.network)) {
          expect(() => underPolicy(definition, operators)).toThrow();
          return;
        }
        const given = limitsOf(underPolicy(definition, operators).definition.resources);
        const wished = limitsOf(definition.resources);
        for (const name of Object.keys(given) as (keyof Limits)[]) {
          expect(given[name]).toBe(Math.min(wished[name], most[name] ?? Infinity));
        }
      }),
    );
  });
});
