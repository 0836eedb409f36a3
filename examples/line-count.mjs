/** The plugin of the README: counts the lines of each file. */
import { defineJobPlugin } from '@longshore/core';

class Params {}

const countLines = `
cd "$1"
find . -type f -exec sh -c '
  for name do
    mkdir -p "$0/\${name%/*}"
    wc -l < "$name" > "$0/$name.lines"
  done
' "$2" {} +
`;

export default defineJobPlugin({
  name: 'line-count',
  version: '1.0.0',
  summary: 'Counts the lines of each file',
  params: Params,
  container: {
    image: 'busybox:1.36',
    name: 'line_count',
    lifecycle: 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '64MiB', pids: 16 },
    network: 'none',
  },
  layout: {
    include: ['**/*.txt'],
    exclude: [],
    outputs: (object) => [`${object.relativeKey}.lines`],
  },
  command: (task) => ['sh', '-euc', countLines, 'line-count', task.inputs, task.outputs],
});
