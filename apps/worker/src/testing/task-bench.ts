/** A worker's task runner with everything around it faked, and a folder of its own to work in. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { JobPlugin, Tracer } from '@longshore/core';
import {
  ManualClock,
  MemoryObjectStore,
  RecordingTracer,
  ScriptedContainerEngine,
  SeededChance,
  type ScriptedProgram,
} from '@longshore/core/testing';
import type { Assignment } from '@longshore/core/protocol';
import { TurnDesk } from '../client/turn-desk.js';
import { WorkerMeter } from '../metrics/worker-meter.js';
import { Slot } from '../slots/slot.js';
import type { TaskSignals } from '../task/attempt.js';
import { DiskRoom } from '../task/disk-room.js';
import { Pipeline } from '../task/pipeline.js';
import { TaskRunner } from '../task/task-runner.js';
import { anAssignment } from './assignments.js';
import { ScriptedClient } from './scripted-client.js';

const never = new AbortController().signal;

// Attempts that fail say so, and here they fail all the time.
Logger.overrideLogger(false);

export class TaskBench implements AsyncDisposable {
  readonly objects = new MemoryObjectStore();
  readonly client = new ScriptedClient();
  tracer: Tracer = new RecordingTracer();
  /** Another one, where a test wants to read it. */
  meter = new WorkerMeter();
  engine: ScriptedContainerEngine;

  private constructor(
    readonly home: string,
    programs: Record<string, ScriptedProgram>,
  ) {
    this.objects.createBucket('images');
    this.objects.createBucket('results');
    this.engine = new ScriptedContainerEngine({ images: ['busybox:1.36'], programs });
  }

  static async open(programs: Record<string, ScriptedProgram>): Promise<TaskBench> {
    return new TaskBench(await mkdtemp(join(tmpdir(), 'longshore-task-')), programs);
  }

  /** Runs one task over these objects, and removes its container. */
  run(
    plugin: JobPlugin,
    contents: Record<string, string>,
    signals: Partial<TaskSignals> = {},
    timeoutSeconds = 60,
  ): Promise<void> {
    const assignment = anAssignment(this.objects, contents, { timeout_seconds: timeoutSeconds });
    return this.runAssignment(plugin, assignment, signals);
  }

  async runAssignment(plugin: JobPlugin, assignment: Assignment, signals: Partial<TaskSignals> = {}): Promise<void> {
    const { client, objects, engine, home, tracer, meter } = this;
    const identity = { number: 0, workerName: 'w', labels: { 'longshore.worker': 'w' } };
    const slot = await Slot.open(engine, plugin, identity, home);
    const [clock, chance] = [new ManualClock(), new SeededChance()];
    const none = () => undefined;
    const desk = new TurnDesk({ client, clock, chance, workerId: 'w', onTrouble: none, drain: none });
    const tools = { desk, clock, objects, plugin, imageDigest: 'sha256:x', workerId: 'w', tracer, meter };
    try {
      const room = new DiskRoom({ folder: home, keepFreeBytes: 0, aheadBytes: 0, slots: 1, outputBytes: 0 });
      const passage = new Pipeline(slot, room).enter();
      await new TaskRunner(tools).run(assignment, passage, { lost: never, stopping: never, ...signals });
    } finally {
      await slot.remove();
    }
  }

  /** Everything a task has left behind, which must be nothing. */
  async left(): Promise<string[]> {
    const folders = ['inputs', 'outputs', 'workspaces'].map((folder) => readdir(join(this.home, folder)));
    return [...(await Promise.all(folders)).flat(), ...Array<string>(this.objects.stagedCount).fill('staged')];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.home, { recursive: true });
  }
}
