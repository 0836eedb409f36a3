import { describe, expect, it } from '@jest/globals';
import { cgroupLimits } from './cgroup.js';

const GiB = 1024 ** 3;

/** Files by path, as in a tree of version 1 or 2. */
const inTree = (files: Record<string, string>) => cgroupLimits((path) => files[path]);

describe('what a control group lets a process use', () => {
  it('is read from the group of the process in version 2', () => {
    expect(
      inTree({
        '/proc/self/cgroup': '0::/system.slice/longshore.service\n',
        '/sys/fs/cgroup/system.slice/longshore.service/cpu.max': '150000 100000\n',
        '/sys/fs/cgroup/system.slice/longshore.service/cpuset.cpus.effective': '0-3,8\n',
        '/sys/fs/cgroup/system.slice/longshore.service/memory.max': `${2 * GiB}\n`,
        '/sys/fs/cgroup/system.slice/longshore.service/memory.current': `${GiB}\n`,
        '/sys/fs/cgroup/system.slice/longshore.service/memory.stat': `anon 5\ninactive_file ${GiB / 2}\n`,
      }),
    ).toEqual({ cpus: 1.5, memory: { bytes: 2 * GiB, usedBytes: GiB / 2 } });
  });

  it('is what the tightest group above it leaves', () => {
    expect(
      inTree({
        '/proc/self/cgroup': '0::/pods/one\n',
        '/sys/fs/cgroup/pods/one/cpu.max': 'max 100000\n',
        '/sys/fs/cgroup/pods/one/memory.max': `${4 * GiB}\n`,
        '/sys/fs/cgroup/pods/one/memory.current': '0\n',
        '/sys/fs/cgroup/pods/cpu.max': '400000 100000\n',
        '/sys/fs/cgroup/pods/memory.max': `${6 * GiB}\n`,
        '/sys/fs/cgroup/pods/memory.current': `${5 * GiB}\n`,
      }),
    ).toEqual({ cpus: 4, memory: { bytes: 6 * GiB, usedBytes: 5 * GiB } });
  });

  it('is found in a container that sees its own root in version 2', () => {
    expect(
      inTree({
        '/proc/self/cgroup': '0::/\n',
        '/sys/fs/cgroup/cpu.max': '200000 100000\n',
        '/sys/fs/cgroup/memory.max': `${GiB}\n`,
      }),
    ).toEqual({ cpus: 2, memory: { bytes: GiB, usedBytes: 0 } });
  });

  it('is read in version 1, where a container is told the path that its host has for it', () => {
    expect(
      inTree({
        '/proc/self/cgroup':
          '5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n3:cpuset:/docker/abc\n1:name=systemd:/docker/abc\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/cpuset/cpuset.effective_cpus': '1\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${GiB}\n`,
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${GiB / 2}\n`,
        '/sys/fs/cgroup/memory/memory.stat': `inactive_file 7\ntotal_inactive_file ${GiB / 4}\n`,
      }),
    ).toEqual({ cpus: 0.5, memory: { bytes: GiB, usedBytes: GiB / 4 } });
  });

  it('is nothing where no group limits anything', () => {
    expect(
      inTree({
        '/proc/self/cgroup': '4:memory:/\n3:cpu:/\n0::/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        '/sys/fs/cgroup/memory.max': 'max\n',
      }),
    ).toEqual({});
    expect(inTree({})).toEqual({});
  });
});
