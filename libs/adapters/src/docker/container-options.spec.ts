import { describe, expect, it } from '@jest/globals';
import type { Command, ContainerSpec } from '@longshore/core';
import fc from 'fast-check';
import { containerOptions, environmentList, IDLE } from './container-options.js';

const text = fc.string({ unit: 'binary' });
const words = fc.dictionary(text, text);

const specs: fc.Arbitrary<ContainerSpec> = fc.record({
  image: text,
  name: text,
  labels: words,
  mounts: fc.array(fc.record({ host: text, container: text, readOnly: fc.boolean() })),
  resources: fc.record({
    cpus: fc.double({ min: 0.01, max: 1000, noNaN: true }),
    memory: fc.integer({ min: 1, max: 4096 }).map((size) => `${size}MiB`),
    pids: fc.integer({ min: 1, max: 10_000 }),
  }),
  network: fc.constantFrom('none' as const, 'host' as const, 'bridge' as const),
  user: text,
});

const commands: fc.Arbitrary<Command> = fc.record({ argv: fc.array(text, { minLength: 1 }), environment: words });

describe('containerOptions', () => {
  it('closes in whatever is asked for', () => {
    fc.assert(
      fc.property(specs, commands, (spec, command) => {
        const { HostConfig: walls, ...rest } = containerOptions(spec, command, 8);
        expect(walls).toMatchObject({
          CapDrop: ['ALL'],
          SecurityOpt: ['no-new-privileges'],
          ReadonlyRootfs: true,
          NetworkMode: spec.network,
          PidsLimit: spec.resources.pids,
        });
        expect(walls?.Memory).toBeGreaterThan(0);
        expect(walls?.MemorySwap).toBe(walls?.Memory);
        expect(walls?.NanoCpus).toBeLessThanOrEqual(8e9);
        for (const hole of [
          'Privileged',
          'CapAdd',
          'Devices',
          'PidMode',
          'IpcMode',
          'UsernsMode',
          'Binds',
          'VolumesFrom',
        ]) {
          expect(walls).not.toHaveProperty(hole);
        }
        expect(rest).toMatchObject({ Image: spec.image, User: spec.user, Labels: spec.labels });
      }),
    );
  });

  it('mounts exactly what is asked for, under any name', () => {
    fc.assert(
      fc.property(specs, commands, (spec, command) => {
        expect(containerOptions(spec, command, 8).HostConfig?.Mounts).toEqual(
          spec.mounts.map(({ host, container, readOnly }) => ({
            Type: 'bind',
            Source: host,
            Target: container,
            ReadOnly: readOnly,
          })),
        );
      }),
    );
  });

  it('runs exactly the command, whatever the image would run', () => {
    fc.assert(
      fc.property(specs, commands, (spec, command) => {
        expect(containerOptions(spec, command, 8)).toMatchObject({ Entrypoint: command.argv, Cmd: [] });
      }),
    );
  });

  const spec: ContainerSpec = {
    image: 'tool:1',
    name: 'tool',
    labels: {},
    mounts: [],
    resources: { cpus: 1.5, memory: '1.5GiB', pids: 64 },
    network: 'none',
    user: '1000:1000',
  };

  it('gives limits in the units of the engine', () => {
    expect(containerOptions(spec, IDLE, 8).HostConfig).toMatchObject({
      NanoCpus: 1_500_000_000,
      Memory: 1_610_612_736,
    });
  });

  it('asks for no more processors than the engine has', () => {
    expect(containerOptions(spec, IDLE, 1).HostConfig).toMatchObject({ NanoCpus: 1_000_000_000 });
  });

  it('has a small /tmp unless one is mounted', () => {
    expect(containerOptions(spec, IDLE, 8).HostConfig?.Tmpfs).toEqual({ '/tmp': 'size=67108864,mode=1777' });
    const mounts = [{ host: '/scratch', container: '/tmp', readOnly: false }];
    expect(containerOptions({ ...spec, mounts }, IDLE, 8).HostConfig?.Tmpfs).toEqual({});
  });

  it('has a small folder for the process that waits when it is to be warm, and no other difference', () => {
    const { Tmpfs = {}, ...others } = containerOptions({ ...spec, warm: true }, IDLE, 8).HostConfig ?? {};
    const { Tmpfs: usual, ...asUsual } = containerOptions(spec, IDLE, 8).HostConfig ?? {};
    expect(others).toEqual(asUsual);
    expect(Tmpfs).toEqual({ ...usual, '/.longshore': 'exec,size=4m,mode=1777' });
  });
});

describe('environmentList', () => {
  it('writes a variable as the engine reads it', () => {
    expect(environmentList({ A: '1', B: 'x = y' })).toEqual(['A=1', 'B=x = y']);
    expect(environmentList()).toEqual([]);
  });
});
