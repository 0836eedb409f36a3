import { describe, expect, it } from '@jest/globals';
import { limitsOf } from '@longshore/core';
import { judgeCpus, judgeMemory, judgeNode, judgeOpenFiles, openFilesIn } from './machine.js';

const gibibyte = 1024 ** 3;
const demand = (slots: number) => ({ plugin: 'echo', slots, limits: limitsOf({ cpus: 2, memory: '2GiB', pids: 8 }) });
const supply = (...gibibytes: number[]) => ({
  memory: gibibytes.map((size, index) => ({ by: ['the machine', 'a cgroup'][index] ?? 'x', bytes: size * gibibyte })),
  cpus: 4,
});

describe('what doctor thinks of a machine', () => {
  it.each([
    ['24.9.0', 'node-ok'],
    ['26.1.0', 'node-ok'],
    ['24.8.1', 'node-old'],
    ['20.20.2', 'node-old'],
  ])('Node.js %s is %s', (version, id) => {
    expect(judgeNode(version)).toMatchObject({ id, message: expect.stringContaining(version) });
  });

  it.each([
    ['all slots fit', supply(8), 2, 'memory-ok', /8\.0 GiB.*2\.0 GiB for each of 2 slots/],
    ['not all slots fit', supply(8), 5, 'memory-tight', /4 of them fit/],
    [
      'a cgroup leaves too little',
      supply(64, 1),
      1,
      'memory-short',
      /1\.0 GiB of memory, as a cgroup limits it.*not one/,
    ],
    ['a cgroup leaves enough', supply(64, 4), 2, 'memory-ok', /as a cgroup limits it/],
  ] as const)('memory: %s', (_, facts, slots, id, message) => {
    expect(judgeMemory(facts, demand(slots))).toMatchObject({ id, message: expect.stringMatching(message) });
  });

  it('compares memory and processors with nothing where no plugin is named', () => {
    expect([judgeMemory(supply(1), undefined).id, judgeCpus(supply(1), undefined).id]).toEqual([
      'memory-ok',
      'cpus-ok',
    ]);
  });

  it('warns of fewer processors than the slots want, because that is slow and works', () => {
    expect(judgeCpus(supply(8), demand(2))).toMatchObject({ id: 'cpus-ok', state: 'ok' });
    expect(judgeCpus(supply(8), demand(3))).toMatchObject({ id: 'cpus-short', state: 'warning' });
  });

  it('warns of few open files, as the kernel tells their limit', () => {
    const limits =
      'Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n';
    expect(judgeOpenFiles(openFilesIn(limits))).toMatchObject({
      id: 'files-low',
      message: expect.stringContaining('1024'),
    });
    expect(judgeOpenFiles(65_536).id).toBe('files-ok');
    expect(judgeOpenFiles(openFilesIn('Max open files  unlimited  unlimited  files')).id).toBe('files-ok');
  });
});
