/** A plugin whose command takes a set time, in the same container for every task. */
import 'reflect-metadata';
import { IsNumber } from 'class-validator';
import { defineJobPlugin } from '@longshore/core';

class Params {
  seconds = 0;
}
IsNumber()(Params.prototype, 'seconds');

const script = 'cd "$1" && sleep "$3" && for name in *; do cp "$name" "$2/$name.out"; done';

export default defineJobPlugin({
  name: 'bench-pipeline',
  version: '1.0.0',
  summary: 'Takes a set time',
  params: Params,
  container: {
    image: 'busybox:1.36',
    name: 'longshore_bench_pipeline',
    lifecycle: 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '64MiB', pids: 32, outputBytes: '16MiB' },
    network: 'none',
  },
  layout: { include: ['**'], exclude: [], outputs: (object) => [`${object.relativeKey}.out`] },
  command: ({ inputs, outputs, params }) => ['sh', '-euc', script, 'take', inputs, outputs, String(params.seconds)],
});
