/** One orchestrator and one worker with one slot, before a store whose bytes take a set time. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { MotoServer } from '@longshore/adapters/testing';
import { runJob } from '../programs/jobs.mjs';
import { startOrchestrator } from '../programs/orchestrator.mjs';
import { startWorker } from '../programs/worker.mjs';
import { startDelayedStore } from './delayed-store.mjs';

const plugin = fileURLToPath(new URL('plugin.mjs', import.meta.url));
const bucket = 'pipeline';

export class Scene {
  static async open(bench, { path: program }) {
    process.env.LONGSHORE_MOTO_SERVER ??= program;
    const moto = await MotoServer.start();
    bench.defer(() => moto[Symbol.asyncDispose]());
    const scene = new Scene();
    scene.bench = bench;
    scene.store = await startDelayedStore(moto.url);
    bench.defer(scene.store.stop);
    scene.environment = {
      AWS_ENDPOINT_URL: scene.store.url,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'us-east-1',
    };
    scene.s3 = new S3Client({
      endpoint: scene.store.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
      forcePathStyle: true,
    });
    bench.defer(() => scene.s3.destroy());
    await scene.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const state = await bench.temporary();
    scene.orchestrator = await startOrchestrator(state, { ...scene.environment, LONGSHORE_PLUGINS: plugin });
    bench.defer(scene.orchestrator.stop);
    return scene;
  }

  /**
   * Runs so many tasks of one object each with a worker of its own, and tells the makespan and what each stage took in all.
   *
   * @param stages times of one task in seconds: `down`, `run`, `up`
   */
  async run({ tasks, stages, prefetch }) {
    const { store } = this;
    store.delays.downMs = 0;
    const prefix = `${randomUUID()}/`;
    for (let number = 0; number < tasks; number += 1) {
      const Key = `${prefix}in/${String(number).padStart(4, '0')}`;
      await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
    }
    store.delays.downMs = stages.down * 1000;
    store.delays.upMs = stages.up * 1000;
    const worker = await this.startWorker(prefetch);
    try {
      const before = await this.stageSeconds();
      const givenAt = Date.now();
      const job = await runJob(this.orchestrator.url, {
        plugin: 'bench-pipeline',
        params: { seconds: stages.run },
        input: `s3://${bucket}/${prefix}in/`,
        output: `s3://${bucket}/${prefix}out/`,
        batching: { maxObjects: 1 },
      });
      // Until the orchestrator says that it had ended: who waits for it looks only now and then.
      const seconds = (Date.parse(job.ended_at) - givenAt) / 1000;
      const after = await this.stageSeconds();
      const sums = Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - (before[name] ?? 0)]));
      return { seconds, sums };
    } finally {
      await worker.stop();
      store.delays.upMs = 0;
    }
  }

  async startWorker(prefetch) {
    const settings = { ...this.environment, ...(prefetch !== undefined && { LONGSHORE_PREFETCH: prefetch }) };
    return startWorker(await this.bench.temporary(), {
      url: this.orchestrator.url,
      name: `pipeline-${process.pid}`,
      plugin,
      settings: { LONGSHORE_SLOTS: '1', ...settings },
    });
  }

  /** By stage, over everything so far, as the orchestrator counts it. */
  async stageSeconds() {
    const text = await (await fetch(`${this.orchestrator.url}/metrics`)).text();
    const found = text.matchAll(/stage_duration_seconds_sum\{stage="(\w+)"\} (\S+)/g);
    return Object.fromEntries([...found].map(([, stage, seconds]) => [stage, Number(seconds)]));
  }
}
