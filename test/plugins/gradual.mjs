/** A plugin that finishes one object after the other; those whose name says "slow" take as long as the parameter says. */
import { defineJobPlugin } from '@longshore/core';
import { IsNumber } from 'class-validator';
import 'reflect-metadata';

class Params {
  seconds = 0;
}
IsNumber()(Params.prototype, 'seconds');

const script = `
cd "$1"
for name in *; do
  case "$name" in *slow*) sleep "$3";; esac
  cp "$name" "$2/.$name.part"
  mv "$2/.$name.part" "$2/$name.out"
done
`;

export default defineJobPlugin({
  name: 'gradual',
  version: '1.0.0',
  summary: 'Finishes one object after the other',
  params: Params,
  container: {
    image: 'busybox:1.36',
    name: 'longshore_gradual',
    lifecycle: 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '32MiB', pids: 16 },
    network: 'none',
  },
  layout: {
    include: ['**'],
    exclude: [],
    outputs: (object) => [`${object.relativeKey}.out`],
    outputsAppearWhole: true,
  },
  command: ({ inputs, outputs, params }) => ['sh', '-euc', script, 'gradual', inputs, outputs, String(params.seconds)],
});
