/** A plugin whose containers do all the harm they can; the name of an object says which. */
import { defineJobPlugin } from '@longshore/core';

const behaviours = {
  good: 'cp "$1" "$2"',
  'fork-bomb': 'bomb() { bomb | bomb & }; bomb; exit 9',
  memory: 'tail /dev/zero',
  'memory-of-child': 'sh -c "tail /dev/zero"; cp "$1" "$2"; exit 0',
  'kills-itself': 'kill -9 $$',
  deaf: 'trap "" TERM INT HUP; while :; do sleep 1; done',
  silent: 'sleep 1000000000',
  'one-large-file': 'cat /dev/zero > "$2"',
  'many-large-files': 'i=0; while :; do head -c 1000000 /dev/zero > "$2.$i"; i=$((i+1)); done',
  'sparse-file': 'truncate -s 1T "$2"',
  link: 'ln -s /etc/hostname "$2"',
  'link-to-folder': 'ln -s /etc /out/door; cp "$1" "$2"',
  pipe: 'mkfifo "$2"',
  '100000-files': 'i=0; while [ $i -lt 100000 ]; do : > "$2.$i"; i=$((i+1)); done; cp "$1" "$2"',
  'writes-inputs': 'echo forged > "$1"',
  daemon: 'setsid sleep 123456 > /dev/null 2>&1 & cp "$1" "$2"',
  // Fails when the daemon of the task before is still there.
  'looks-for-daemon': 'if ps | grep "[1]23456"; then exit 5; fi; cp "$1" "$2"',
  '1-gb-of-log': 'yes "$(printf "\\033]0;owned\\007\\033[31m \\377 red")" | head -c 1073741824; echo the end; exit 3',
};

const behaviourOf = (name) => name.replace(/^\d+-/, '').replace(/\.txt$/, '');

export default defineJobPlugin({
  name: 'hostile',
  version: '1.0.0',
  summary: 'Does all the harm it can',
  params: class {},
  container: {
    image: 'busybox:1.36',
    name: 'longshore_hostile',
    lifecycle: process.env.HOSTILE_LIFECYCLE ?? 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '32MiB', pids: 32, outputBytes: '16MiB', outputFiles: 2_000 },
    network: 'none',
  },
  layout: { include: ['**'], exclude: [], outputs: (object) => [object.relativeKey] },
  command: ({ objects: [{ relativeKey }], inputs, outputs }) => [
    'sh',
    '-c',
    behaviours[behaviourOf(relativeKey)],
    'sh',
    `${inputs}/${relativeKey}`,
    `${outputs}/${relativeKey}`,
  ],
});
