import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LongshoreError, type ContainerSpec, type Lifecycle, type RunningContainer } from '@longshore/core';
import { aPlugin, ScriptedContainerEngine, type ScriptedProgram } from '@longshore/core/testing';
import { slotLabel } from './container-labels.js';
import { Slot } from './slot.js';

const programs: Record<string, ScriptedProgram> = {
  work: () => ({ exitCode: 0 }),
  daemon: () => ({ exitCode: 0, leftProcesses: true }),
};

class MovingEngine extends ScriptedContainerEngine {
  awayFor = 0;
  readonly started: ContainerSpec[] = [];
  override async list(label: string) {
    this.answer();
    return super.list(label);
  }
  override async start(spec: ContainerSpec): Promise<RunningContainer> {
    this.answer();
    this.started.push(spec);
    return super.start(spec);
  }
  override async remove(container: Pick<RunningContainer, 'id'>): Promise<void> {
    this.answer();
    return super.remove(container);
  }
  override async exec(container: RunningContainer, command: { argv: string[] }) {
    this.answer();
    return super.exec(container, command);
  }
  private answer(): void {
    if (this.awayFor-- > 0) throw new LongshoreError('engine-unavailable', 'Nobody answers.');
  }
}

describe('a slot', () => {
  let home: string;
  let engine: MovingEngine;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'longshore-slot-'));
    engine = new MovingEngine({ images: ['busybox:1.36'], programs });
  });
  afterEach(() => rm(home, { recursive: true }));

  const open = (number = 0) => {
    const identity = { number, workerName: 'w', labels: { 'longshore.worker': 'w' } };
    return Slot.open(engine, aPlugin(), identity, join(home, String(number)));
  };
  const containers = async () => (await engine.list(slotLabel)).map(({ name }) => name);

  it('E9: takes a longer name where the plugin’s own is taken', async () => {
    await open(0);
    await open(1);
    expect(await containers()).toEqual(['echo', 'echo-w-1']);
  });

  it.each<[Lifecycle, (boolean | undefined)[]]>([
    ['long-lived', [undefined]],
    ['warm', [true]],
    ['per-task', []],
  ])('starts the container that the life cycle %s asks for, and keeps it', async (lifecycle, warm) => {
    const plugin = aPlugin();
    const given = aPlugin({}, { container: { ...plugin.container, lifecycle } });
    const identity = { number: 0, workerName: 'w', labels: { 'longshore.worker': 'w' } };
    const slot = await Slot.open(engine, given, identity, join(home, '0'));
    for (let turn = 0; turn < 3; turn += 1) expect(await slot.run({ argv: ['work'] })).toMatchObject({ exitCode: 0 });
    expect(engine.started.map((spec) => spec.warm)).toEqual(warm);
  });

  it('E5: gives the next command a new container when one left processes behind', async () => {
    const slot = await open();
    const [before] = await engine.list(slotLabel);
    await slot.run({ argv: ['daemon'] });
    expect(await containers()).toEqual([]);
    await slot.run({ argv: ['work'] });
    const [after] = await engine.list(slotLabel);
    expect(after?.id).not.toBe(before?.id);
  });

  it('E7: takes an engine that goes away for a passing failure, waits for it, and leaves it with one container', async () => {
    const slot = await open();
    engine.awayFor = 4;
    await expect(slot.run({ argv: ['work'] })).rejects.toMatchObject({ code: 'engine-failed' });
    expect(await slot.run({ argv: ['work'] })).toMatchObject({ exitCode: 0 });
    expect(await containers()).toEqual(['echo']);
  });

  it('E7: does not wait for it longer than its command may take', async () => {
    const slot = await open();
    await slot.remove();
    engine.awayFor = Infinity;
    const reason = new Error('enough');
    const signal = AbortSignal.any([AbortSignal.timeout(700)]);
    const abort = new AbortController();
    signal.addEventListener('abort', () => abort.abort(reason));
    await expect(slot.run({ argv: ['work'], signal: abort.signal })).rejects.toBe(reason);
    engine.awayFor = 0;
  });
});
