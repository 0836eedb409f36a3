/** The smallest plugin that does something: copies each input and writes its checksum beside it. Start here to write your own. */
import { defineJobPlugin } from '@longshore/core';
import { EchoParams } from './echo-params.js';

/** Goes through the files of the inputs folder; names reach the shell as arguments, so none of them can be taken for a command. */
const script = `
set -eu
export inputs="$1" outputs="$2"
sleep "$PAUSE_SECONDS"
cd "$inputs"
find . -type f -exec sh -eu -c '
  for name do
    mkdir -p "$outputs/\${name%/*}"
    cp "$name" "$outputs/$name"
    sha256sum < "$name" | cut -c1-64 > "$outputs/$name.sha256"
  done
' sh {} +
`;

export default defineJobPlugin({
  name: 'echo',
  version: '1.0.0',
  summary: 'Copies each input and writes its SHA-256 beside it',
  params: EchoParams,
  container: {
    image: 'busybox:1.36',
    name: 'longshore_echo',
    lifecycle: 'long-lived',
    mounts: { inputs: '/inputs', outputs: '/outputs' },
    resources: { cpus: 1, memory: '64MiB', pids: 32 },
    network: 'none',
  },
  layout: {
    include: ['**'],
    exclude: [],
    outputs: (object) => [object.relativeKey, `${object.relativeKey}.sha256`],
  },
  command: (task) => ['sh', '-c', script, 'echo', task.inputs, task.outputs],
  environment: (task) => ({ PAUSE_SECONDS: String(task.params.pauseSeconds) }),
  timeoutSeconds: 300,
});
