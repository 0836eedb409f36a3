import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerSpec } from '../ports/container-engine.js';
import { containerEngineContract } from './container-engine-contract.js';
import type { ContractCommands } from './container-engine-subject.js';
import { ScriptedContainerEngine, type ScriptedProgram } from './scripted-container-engine.js';

const commands: ContractCommands = {
  print: (stdout, stderr, exitCode) => ['print', stdout, stderr, String(exitCode)],
  printArguments: (values) => ['print-arguments', ...values],
  printVariable: (name) => ['print-variable', name],
  copy: (from, to) => ['copy', from, to],
  beat: (path) => ['beat', path],
  printMany: (bytes) => ['print-many', String(bytes)],
  outgrowMemory: (exitCode) => ['outgrow-memory', String(exitCode)],
  unknownProgram: ['no-such-program', 'argument'],
};

const programs: Record<string, ScriptedProgram> = {
  print: ({ argv: [, stdout = '', stderr = '', exitCode] }) => ({ exitCode: Number(exitCode), log: stdout + stderr }),
  'print-arguments': ({ argv: [, ...values] }) => ({ exitCode: 0, log: values.map((value) => `${value}\0`).join('') }),
  'print-variable': ({ argv: [, name = ''], environment }) => ({ exitCode: 0, log: environment[name] ?? '' }),
  copy: async ({ argv: [, from = '', to = ''], read, write }) => {
    await write(to, await read(from));
    return { exitCode: 0 };
  },
  beat: async ({ argv: [, path = ''], write }) => {
    for (let beats = '.'; ; beats += '.') {
      await write(path, beats);
      await sleep(10);
    }
  },
  'print-many': ({ argv: [, bytes] }) => ({ exitCode: 0, log: `first\n${'x'.repeat(Number(bytes))}\nlast\n` }),
  'outgrow-memory': ({ argv: [, exitCode] }) => ({ exitCode: Number(exitCode), outOfMemory: true }),
};

containerEngineContract('ScriptedContainerEngine', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'longshore-scripted-'));
  return {
    engine: new ScriptedContainerEngine({ images: ['scripted:1'], programs }),
    image: 'scripted:1',
    unknownImage: 'scripted:2',
    workspace,
    commands,
    close: () => rm(workspace, { recursive: true }),
  };
});

describe('ScriptedContainerEngine', () => {
  const spec: ContainerSpec = {
    image: 'scripted:1',
    name: 'one',
    labels: {},
    mounts: [],
    resources: { cpus: 1, memory: '1GiB', pids: 10 },
    network: 'none',
    user: '1:1',
  };

  it('ends a program that throws with 1 and its words', async () => {
    const broken = (): never => {
      throw new Error('segmentation fault');
    };
    const engine = new ScriptedContainerEngine({ images: ['scripted:1'], programs: { broken } });
    expect(await engine.run(spec, { argv: ['broken'] })).toMatchObject({ exitCode: 1, log: 'segmentation fault' });
  });

  it('has no files but those of its mounts', async () => {
    const engine = new ScriptedContainerEngine({ images: ['scripted:1'], programs });
    const exit = await engine.run(spec, { argv: commands.copy('/etc/passwd', '/etc/shadow') });
    expect(exit).toMatchObject({ exitCode: 1, log: '/etc/passwd: No such file or directory' });
  });
});
