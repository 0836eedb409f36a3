/** A plugin that does wrong on purpose, as its parameters say. */
import { defineJobPlugin } from '@longshore/core';
import { IsIn, IsOptional, IsString } from 'class-validator';
import 'reflect-metadata';

class Params {
  how = 'exit';
  image = 'busybox:1.36';
}
IsIn(['exit', 'silent', 'link', 'sleep', 'memory', 'child-memory', 'poison'])(Params.prototype, 'how');
IsOptional()(Params.prototype, 'image');
IsString()(Params.prototype, 'image');

const behaviours = {
  exit: 'echo "about to fail" >&2; exit 7',
  silent: 'echo "all is well"; exit 0',
  link: 'cd "$1"; for name in *; do ln -s /etc/hostname "$2/$name.out"; done',
  sleep: 'sleep 600',
  memory: 'tail /dev/zero; exit $?',
  'child-memory': 'sh -c "tail /dev/zero"; cd "$1"; for name in *; do touch "$2/$name.out"; done; exit 0',
  poison:
    'cd "$1"; for name in *; do case "$name" in *poison*) echo "cannot read $name" >&2; exit 3;; esac; cp "$name" "$2/$name.out"; done',
};

export default defineJobPlugin({
  name: 'misbehaving',
  version: '1.0.0',
  summary: 'Does wrong on purpose',
  params: Params,
  container: {
    image: process.env.MISBEHAVING_IMAGE ?? 'busybox:1.36',
    name: 'longshore_misbehaving',
    lifecycle: process.env.MISBEHAVING_LIFECYCLE ?? 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '32MiB', pids: 16 },
    network: 'none',
  },
  layout: { include: ['**'], exclude: [], outputs: (object) => [`${object.relativeKey}.out`] },
  command: (task) => ['sh', '-c', behaviours[task.params.how], 'sh', task.inputs, task.outputs],
});
