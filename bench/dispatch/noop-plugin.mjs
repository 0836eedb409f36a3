/** A kind of job whose tasks are nothing but paper: each object promises one output. */
import { defineJobPlugin } from '@longshore/core';

export default defineJobPlugin({
  name: 'noop',
  version: '1.0.0',
  summary: 'Does nothing, to measure what handing out tasks costs',
  params: class {},
  container: {
    image: 'busybox:1.36',
    name: 'noop',
    lifecycle: 'long-lived',
    mounts: { inputs: '/inputs', outputs: '/outputs' },
    resources: { cpus: 1, memory: '64MiB', pids: 32 },
    network: 'none',
  },
  layout: { include: ['**'], exclude: [], outputs: ({ relativeKey }) => [`${relativeKey}.out`] },
  command: () => ['true'],
});
