/** A plugin whose command writes down where it stands in the trace of its task. */
import { defineJobPlugin } from '@longshore/core';

class Params {}

export default defineJobPlugin({
  name: 'traced',
  version: '1.0.0',
  summary: 'Writes its place in the trace',
  params: Params,
  container: {
    image: 'busybox:1.36',
    name: 'longshore_traced',
    lifecycle: 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '32MiB', pids: 16 },
    network: 'none',
  },
  layout: { include: ['**'], exclude: [], outputs: (object) => [`${object.relativeKey}.out`] },
  command: (task) => [
    'sh',
    '-c',
    'cd "$1"; for name in *; do printf %s "$TRACEPARENT" > "$2/$name.out"; done',
    'sh',
    task.inputs,
    task.outputs,
  ],
});
