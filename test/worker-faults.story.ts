/** Workers that are killed, stand still, or are told to go, each at the worst moment. */
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { ChaosProxy } from './support/chaos-proxy.js';
import { isReport, requestName, type Heard } from './support/fate.js';
import { eventually, type Process } from './support/process.js';
import { Scene } from './support/scene.js';

/** Requests to S3 that are held up for as long as nobody lets them pass. */
function holdUp(proxy: ChaosProxy, holds: (heard: Heard) => boolean): void {
  proxy.decide = (heard) => (holds(heard) ? { arrives: 'never', answer: 'silence' } : {});
}

const isDownload = ({ method, path }: Heard) => method === 'GET' && path.includes('/in/');
const isUpload = ({ path }: Heard) => path.includes('partNumber=');

function passing(proxy: ChaosProxy, holds: (heard: Heard) => boolean): Promise<true> {
  const asked = () => (proxy.seen.some((heard) => holds(heard as Heard)) ? true : undefined);
  return eventually(asked, 20_000, () => 'a request');
}

describe('a worker that is killed', () => {
  it('A1: leaves a container that works on, which the next worker removes before it publishes anything', async () => {
    await using scene = await Scene.open();
    const job = await scene.submit({ pauseSeconds: 4 });
    const victim = scene.startWorker('a');
    await scene.working();
    await victim.stop('SIGKILL');
    expect(await scene.containers('a')).toHaveLength(1);

    scene.startWorker('b');
    const [task] = await scene.completes(job);
    expect(task).toMatchObject({ fence: 2, losses: 1, failed_attempts: 0 });
    expect(await scene.containers('a')).toEqual([]);
    await scene.leavesNothing();
  });

  it.each([
    ['download', isDownload],
    ['upload', isUpload],
  ])('A2 F18: in the middle of the %s leaves nothing that is ever visible, and no open upload', async (_, phase) => {
    await using scene = await Scene.open({ onS3: true });
    holdUp(scene.store, phase);
    const job = await scene.submit();
    const victim = scene.startWorker('a');
    await passing(scene.store, phase);
    await victim.stop('SIGKILL');
    expect(await scene.outputs()).toEqual(new Map());
    scene.store.calm();

    scene.startWorker('b');
    expect(await scene.completes(job)).toMatchObject([{ fence: 2, losses: 1 }]);
    await scene.leavesNothing();
  });

  it('A3: after it reported, before it heard the answer, is finished by the orchestrator', async () => {
    await using scene = await Scene.open({ onS3: true });
    const job = await scene.submit();
    const { worker, proxy } = await scene.startProxiedWorker('a');
    proxy.next(Infinity, (heard) => isReport(heard, 'completed'), { answer: 'silence' });
    await scene.cluster.jobWhen(job.id, ({ tasks }) => tasks.accepted === 1);
    await worker.stop('SIGKILL');

    expect(await scene.completes(job)).toMatchObject([{ fence: 1, losses: 0 }]);
    await scene.startWorker('b').wrote(/is here/);
    await scene.leavesNothing();
  });

  it('A3 F22: whose report never arrived has its work done again, and what it uploaded cleared', async () => {
    await using scene = await Scene.open({ onS3: true });
    const job = await scene.submit();
    const { worker, proxy } = await scene.startProxiedWorker('a');
    let reported = false;
    proxy.decide = (heard) => {
      reported ||= isReport(heard, 'completed');
      return reported ? { arrives: 'never', answer: 'silence' } : {};
    };
    await eventually(
      () => reported || undefined,
      20_000,
      () => 'the report',
    );
    expect(await scene.s3.openUploads('scene')).toBe(2);
    await worker.stop('SIGKILL');

    scene.startWorker('b');
    expect(await scene.completes(job)).toMatchObject([{ fence: 2, losses: 1 }]);
    await scene.leavesNothing();
  });
});

describe('a worker that stands still longer than its lease', () => {
  it('A4: stops its container when it wakes, publishes nothing, and takes the next task like any other', async () => {
    await using scene = await Scene.open();
    const job = await scene.submit({ pauseSeconds: 8 });
    const sleeper = scene.startWorker('a');
    await scene.working();
    sleeper.kill('SIGSTOP');
    const other = scene.startWorker('b');
    const taken = async () => ((await scene.tasks(job))[0]?.fence === 2 ? true : undefined);
    await eventually(taken, 20_000, () => 'another worker to take the task');
    expect(await scene.containers('a')).toHaveLength(1);
    sleeper.kill('SIGCONT');

    const gone = async () => ((await scene.containers('a')).length === 0 ? true : undefined);
    await eventually(gone, 5_000, () => 'the container to go');
    expect(await scene.outputs()).toEqual(new Map());
    expect(await scene.completes(job)).toMatchObject([{ fence: 2, losses: 1 }]);

    await other.stop();
    const next = await scene.submit();
    expect(await scene.completes(next)).toMatchObject([{ fence: 1 }]);
    expect(sleeper.running).toBe(true);
    await scene.leavesNothing();
  });

  it('A4: after its command has ended stages for nobody, and is told so', async () => {
    await using scene = await Scene.open();
    const job = await scene.submit({ pauseSeconds: 1 });
    const sleeper = scene.startWorker('a');
    await scene.working();
    sleeper.kill('SIGSTOP');
    scene.startWorker('b');
    const [task] = await scene.completes(job);
    expect(task).toMatchObject({ fence: 2, losses: 1 });
    sleeper.kill('SIGCONT');
    await scene.leavesNothing();
    expect(await scene.tasks(job)).toEqual([task]);
    expect(await readdir(scene.sandbox.path('out'))).not.toContain('.longshore-staging');
  });

  it('A4: in the middle of an upload publishes nothing of it', async () => {
    await using scene = await Scene.open({ onS3: true });
    holdUp(scene.store, isUpload);
    const job = await scene.submit();
    const sleeper = scene.startWorker('a');
    await passing(scene.store, isUpload);
    sleeper.kill('SIGSTOP');
    scene.store.calm();

    scene.startWorker('b');
    const [task] = await scene.completes(job);
    expect(task).toMatchObject({ fence: 2, losses: 1 });
    sleeper.kill('SIGCONT');
    await scene.leavesNothing();
    expect(await scene.tasks(job)).toEqual([task]);
  });
});

describe('a worker that receives SIGTERM', () => {
  const toldToGo = async (scene: Scene, worker: Process) => {
    const before = performance.now();
    expect(await worker.stop('SIGTERM')).toMatchObject({ code: 0 });
    expect(performance.now() - before).toBeLessThan(15_000);
    await scene.leavesNothingBehind();
  };

  it('A5: while it waits for work ends at once', async () => {
    await using scene = await Scene.open();
    const { worker, proxy } = await scene.startProxiedWorker('a');
    let waits = false;
    proxy.decide = (heard) => {
      waits ||= requestName(heard) === 'turn waits';
      return {};
    };
    await eventually(
      () => waits || undefined,
      20_000,
      () => 'the wait',
    );
    await toldToGo(scene, worker);
  });

  it.each([
    ['download', isDownload],
    ['upload', isUpload],
  ])('A5: in the middle of the %s hands its task back at once', async (_, phase) => {
    await using scene = await Scene.open({ onS3: true, leaseSeconds: 30 });
    holdUp(scene.store, phase);
    const job = await scene.submit();
    const worker = scene.startWorker('a');
    await passing(scene.store, phase);
    await toldToGo(scene, worker);
    expect(await scene.tasks(job)).toMatchObject([{ state: 'available', losses: 1 }]);

    scene.store.calm();
    scene.startWorker('b');
    expect(await scene.completes(job)).toMatchObject([{ fence: 2, failed_attempts: 0 }]);
    await scene.leavesNothing();
  });

  it('A5: while it reports finished work still reports and publishes it', async () => {
    await using scene = await Scene.open({ leaseSeconds: 30 });
    const job = await scene.submit();
    const { worker, proxy } = await scene.startProxiedWorker('a');
    let reported = false;
    proxy.next(1, (heard) => (reported ||= isReport(heard, 'completed')), { afterMs: 1_500 });
    await eventually(
      () => reported || undefined,
      20_000,
      () => 'the report',
    );
    await toldToGo(scene, worker);
    expect(await scene.completes(job)).toMatchObject([{ fence: 1, losses: 0 }]);
  });
});
