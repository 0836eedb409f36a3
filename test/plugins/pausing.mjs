/** A plugin whose tasks take as long as its parameters say: in the container, or in a hook that blocks the worker itself. */
import { defineJobPlugin } from '@longshore/core';
import { IsNumber } from 'class-validator';
import 'reflect-metadata';

class Params {
  /** In the container. */
  seconds = 0;
  /** In the worker, by a hook that does not come back. */
  blockSeconds = 0;
}
IsNumber()(Params.prototype, 'seconds');
IsNumber()(Params.prototype, 'blockSeconds');

const script = 'sleep "$3"; cd "$1"; for name in *; do cp "$name" "$2/$name.out"; done';

export default defineJobPlugin({
  name: 'pausing',
  version: '1.0.0',
  summary: 'Takes its time',
  params: Params,
  container: {
    image: 'busybox:1.36',
    name: 'longshore_pausing',
    lifecycle: 'per-task',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '32MiB', pids: 16 },
    network: 'none',
  },
  layout: { include: ['**'], exclude: [], outputs: (object) => [`${object.relativeKey}.out`] },
  command: ({ inputs, outputs, params }) => {
    // Blocks the thread as a long synchronous computation would.
    if (params.blockSeconds > 0)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, params.blockSeconds * 1000);
    return ['sh', '-euc', script, 'pausing', inputs, outputs, String(params.seconds)];
  },
});
