import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { checkHardening } from './hardening.js';
import { wallFaults } from './walls.js';

/** As `head` of BusyBox printed them in a container of Docker 20.10, cut to what matters. */
const standing = `==> /proc/self/status <==
Uid:\t65534\t65534\t65534\t65534
CapEff:\t0000000000000000
CapBnd:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t2

==> /proc/self/limits <==
Limit                     Soft Limit           Hard Limit           Units
Max file size             4294967297           4294967297           bytes
Max core file size        0                    0                    bytes
Max open files            1024                 1024                 files

==> /proc/self/mounts <==
overlay / overlay ro,relatime,lowerdir=/l 0 0
proc /proc proc rw,nosuid 0 0

==> /proc/net/dev <==
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes
    lo:       0       0    0    0    0     0          0         0        0

==> /sys/fs/cgroup/memory/memory.limit_in_bytes <==
33554432

==> /sys/fs/cgroup/pids/pids.max <==
32
`;

describe('the walls around a container', () => {
  it('S11: stand when the kernel says so', () => {
    expect(wallFaults(standing)).toEqual([]);
  });

  it.each([
    ['it has capabilities', 'CapBnd:\t0000000000000000', 'CapBnd:\t00000000a80425fb'],
    ['it may gain privileges', 'NoNewPrivs:\t1', 'NoNewPrivs:\t0'],
    ['no seccomp profile filters its system calls', 'Seccomp:\t2', 'Seccomp:\t0'],
    ['it runs as root', 'Uid:\t65534\t65534', 'Uid:\t65534\t0'],
    ['its root can be written to', 'overlay ro,', 'overlay rw,'],
    ['it has a network', '    lo: ', '  eth0: 1\n    lo: '],
    ['its open files are not limited', '1024                 1024 ', 'unlimited            unlimited '],
    ['the size of its files is not limited', '4294967297           4294967297', 'unlimited            unlimited'],
    ['it may leave core dumps', 'size        0 ', 'size        unlimited '],
    ['its memory is not limited', '33554432', '9223372036854771712'],
    ['the number of its processes is not limited', '\n32\n', '\nmax\n'],
  ])('S11: are found wanting: %s', (fault, stands, falls) => {
    expect(standing).toContain(stands);
    expect(wallFaults(standing.replace(stands, falls))).toEqual([fault]);
  });

  it('S11: are all missing where nothing could be read', () => {
    expect(wallFaults('')).toHaveLength(11);
  });

  const exit = (log: string) => ({ exitCode: 0, outOfMemory: false, log, durationMs: 1, leftProcesses: false });
  const image = (log: string) => ({ tryOut: async () => exit(log) });
  const bare = {
    tryOut: async () => {
      throw new LongshoreError('command-not-found', 'no head');
    },
  };

  it('S11: make a worker that says so', async () => {
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    expect(await checkHardening(image(standing), { requireHardened: true }, say)).toBe(true);
    expect(await checkHardening(bare, { requireHardened: false }, say)).toBe(false);
    expect(said).toEqual([expect.stringMatching(/is hardened/), expect.stringMatching(/no program "head"/)]);
  });

  it('S11: keep a worker from registering that is told to require them', async () => {
    for (const slots of [bare, image(standing.replace('CapEff:\t0', 'CapEff:\tf'))]) {
      await expect(checkHardening(slots, { requireHardened: true }, () => undefined)).rejects.toMatchObject({
        code: 'invalid-configuration',
        message: expect.stringContaining('LONGSHORE_REQUIRE_HARDENED'),
      });
    }
  });

  it('S11: are not looked for where an engine has none, whatever a container of its own would show', async () => {
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    expect(await checkHardening(image(standing), { requireHardened: false }, say, false)).toBe(false);
    expect(said).toEqual([expect.stringMatching(/the container of this worker itself/)]);
    await expect(checkHardening(image(standing), { requireHardened: true }, say, false)).rejects.toMatchObject({
      code: 'invalid-configuration',
    });
  });
});
