import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { aPlugin, ScriptedMachine } from '@longshore/core/testing';
import { registerRequest } from '../agent/registration.js';
import { WorkerConfig } from '../configuration/worker-config.js';
import { findGpus } from './gpus.js';
import { looksLikeEc2 } from './looks-like-ec2.js';
import { gatherFacts } from './machine-facts.js';

const identity = { instanceId: 'i-1', type: 'g4dn.xlarge', zone: 'us-east-1a', region: 'us-east-1' };
let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'longshore-gpus-'))));
afterAll(() => rm(folder, { recursive: true }));

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the GPUs of a machine', () => {
  it('are counted and named as nvidia-smi lists them', async () => {
    const list = `echo 'GPU 0: Tesla T4 (UUID: GPU-4b5e)'; echo '  MIG 1g.5gb Device 0: (UUID: MIG-1)'; echo 'GPU 1: Tesla T4 (UUID: GPU-77)'`;
    expect(await findGpus(await program('two', `[ "$1" = -L ] && { ${list}; }`))).toEqual({
      count: 2,
      name: 'Tesla T4',
    });
  });

  it.each([
    ['there is no such tool', undefined],
    ['it fails', 'echo "NVIDIA-SMI has failed" >&2; exit 9'],
    ['it lists none', 'echo "No devices found."'],
    ['it hangs', 'sleep 600'],
  ])('are none where %s', async (name, script) => {
    const path =
      script === undefined
        ? join(folder, 'absent')
        : await program(name.replaceAll(' ', '-'), `exec ${script.startsWith('sleep') ? script : `sh -c '${script}'`}`);
    const before = performance.now();
    expect(await findGpus(path, 300)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('how a worker introduces itself', () => {
  const config = new WorkerConfig({
    LONGSHORE_PLUGIN: 'echo',
    LONGSHORE_CLUSTER: 'plate-7',
    LONGSHORE_WORKER_NAME: 'w',
  });

  it("tells the machine's id, type, zone, GPUs, processors and memory, and capabilities as the original system's workers do", async () => {
    const facts = await gatherFacts(new ScriptedMachine(identity), async () => ({ count: 1, name: 'Tesla T4' }));
    expect(registerRequest(config, aPlugin(), 2, facts, true)).toMatchObject({
      slots: 2,
      capabilities: ['processing', 'g4dn.xlarge', 'GPU', 'hardened'],
      cluster: 'plate-7',
      instance: {
        name: 'w',
        id: 'i-1',
        type: 'g4dn.xlarge',
        zone: 'us-east-1a',
        region: 'us-east-1',
        gpus: 1,
        gpu: 'Tesla T4',
        cpus: expect.any(Number),
        memory_bytes: expect.any(Number),
      },
    });
  });

  it('G4: tells what it knows where no cloud answers, or one that fails', async () => {
    class Failing extends ScriptedMachine {
      override async identity(): Promise<never> {
        throw new LongshoreError('machine-failed', 'Too many requests.');
      }
    }
    for (const machine of [new ScriptedMachine(), new Failing()]) {
      const facts = await gatherFacts(machine, async () => undefined);
      const { capabilities, instance } = registerRequest(config, aPlugin(), 2, facts, false);
      expect(capabilities).toEqual(['processing', 'CPU']);
      expect(Object.keys(instance ?? {})).toEqual(['name', 'cpus', 'memory_bytes']);
    }
  });
});

describe('a machine that may be an EC2 instance', () => {
  const firmware = (files: Record<string, string>) => (path: string) => {
    const text = files[path.split('/').at(-1) ?? ''];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  };

  it.each([
    [true, { sys_vendor: 'Amazon EC2\n' }],
    [true, { sys_vendor: 'Xen\n', bios_version: '4.11.amazon\n' }],
    [true, { uuid: 'ec2e1916-9099-7caf-fd21-012345abcdef\n' }],
    [false, { sys_vendor: 'LENOVO\n', bios_version: 'N2IET97W\n', bios_vendor: 'LENOVO\n' }],
    [false, {}],
  ])('is told by its firmware: %s for %j', (is, files) => {
    expect(looksLikeEc2(firmware(files))).toBe(is);
  });
});
