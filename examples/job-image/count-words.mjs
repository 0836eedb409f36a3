/** A plugin whose command is a program of the image that it lies in. */
import { defineJobPlugin } from '@longshore/core';

class Params {}

export default defineJobPlugin({
  name: 'count-words',
  version: '1.0.0',
  summary: 'Counts the words of each file',
  params: Params,
  container: {
    image: 'longshore/count-words:1',
    name: 'count_words',
    lifecycle: 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '64MiB', pids: 16 },
    network: 'none',
  },
  layout: {
    include: ['**/*.txt'],
    exclude: [],
    outputs: (object) => [`${object.relativeKey}.words`],
  },
  // The paths of the task, not those above: an engine without mounts of its own has others.
  command: (task) => ['count-words', task.inputs, task.outputs],
});
