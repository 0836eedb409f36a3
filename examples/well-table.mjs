/** Works on groups: one task for each well, whose command is told plate, well and the values all wells have. */
import { defineJobPlugin, readPairs } from '@longshore/core';

class Params {}

// The values of the group come as arguments, or as variables such as $GROUP_label; either way no shell reads them.
const table = `
cd "$1"
find . -type f -exec sh -c '
  for name do
    lines=$(wc -l < "$name")
    [ "$lines" -ge "$GROUP_minimum" ] && enough=yes || enough=no
    mkdir -p "$0/\${name%/*}"
    printf "%s,%s,%s,%s,%s\\n" "$PLATE" "$WELL" "\${GROUP_label:-}" "$lines" "$enough" > "$0/$name.csv"
  done
' "$2" {} +
`;

export default defineJobPlugin({
  name: 'well-table',
  version: '1.0.0',
  summary: 'Counts the lines of each file of a well',
  params: Params,
  container: {
    image: 'busybox:1.36',
    name: 'well_table',
    lifecycle: 'long-lived',
    mounts: { inputs: '/in', outputs: '/out' },
    resources: { cpus: 1, memory: '64MiB', pids: 16 },
    network: 'none',
  },
  layout: {
    include: ['**/*.txt'],
    exclude: [],
    objectsOfGroup: (variables) => {
      const { plate, well } = readPairs(variables.Metadata);
      return { prefix: `${plate}/${well}_` };
    },
    outputs: (object) => [`${object.relativeKey}.csv`],
  },
  command: (task) => ['sh', '-euc', table, 'well-table', task.inputs, task.outputs],
  environment: (task) => {
    const { plate, well } = readPairs(task.variables.Metadata);
    return { PLATE: plate, WELL: well };
  },
});
