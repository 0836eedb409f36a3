/** Looks at what a plugin makes of real names: which objects it takes, what each must produce, and whether two produce the same. */
import {
  createSelection,
  declaredGroup,
  declaredOutputs,
  declaredRecord,
  isOwnPlace,
  messageOf,
  pluginObject,
  type JobPlugin,
  type Location,
  type ObjectRef,
} from '@longshore/core';
import { counted } from '../terminal/counted.js';
import { failed, ok, type Check } from './check.js';

export interface Layout {
  check: Check;
  /** Names of the objects that are taken, below the input. */
  taken: string[];
  /** Names of all declared outputs, below the output. */
  outputs: string[];
}

export function checkLayout(plugin: JobPlugin, input: Location, objects: readonly ObjectRef[]): Layout {
  const takes = createSelection(plugin.layout);
  const all = objects
    .map((object) => pluginObject(input, object))
    .filter(({ relativeKey }) => !isOwnPlace(relativeKey));
  const taken = all.filter(({ relativeKey }) => takes(relativeKey));
  const names = taken.map(({ relativeKey }) => relativeKey);
  if (taken.length === 0) {
    const { include, exclude } = plugin.layout;
    const patterns = `include ${include.join(', ')}${exclude.length > 0 ? `, exclude ${exclude.join(', ')}` : ''}`;
    const says = `None of ${counted(all.length, 'object')} is taken (${patterns}).`;
    const left = all.map(({ relativeKey }) => relativeKey);
    return {
      check: failed('layout', says, 'Mend layout.include and layout.exclude, or give other objects.', left),
      taken: [],
      outputs: [],
    };
  }
  const owners = new Map<string, string>();
  const groups = new Set<string | undefined>();
  const faults: string[] = [];
  for (const object of taken) {
    try {
      groups.add(declaredGroup(plugin, object));
      const outputs = declaredOutputs(plugin, object);
      const record = declaredRecord(plugin, object);
      if (declaredOutputs(plugin, object).join('\0') !== outputs.join('\0')) {
        faults.push(`layout.outputs gives other names for ${object.relativeKey} when it is asked again`);
      }
      for (const name of outputs) faults.push(...take(owners, name, object.relativeKey));
      if (record !== undefined && owners.has(record)) faults.push(`the record ${record} has the name of an output`);
    } catch (thrown) {
      faults.push(messageOf(thrown));
    }
  }
  faults.push(...folderFaults(owners));
  const outputs = [...owners.keys()];
  if (faults.length > 0) {
    return {
      check: failed(
        'layout',
        'What the objects must produce cannot be.',
        'Mend layout.outputs; keep the whole name of the object in it.',
        faults,
      ),
      taken: names,
      outputs,
    };
  }
  const grouped = plugin.layout.groupBy ? `, ${counted(groups.size, 'group')}` : '';
  const says = `${taken.length} of ${counted(all.length, 'object')} taken${grouped}, ${counted(outputs.length, 'output')} declared, none twice`;
  return { check: ok('layout', says), taken: names, outputs };
}

function take(owners: Map<string, string>, output: string, object: string): string[] {
  const owner = owners.get(output);
  if (owner === undefined) owners.set(output, object);
  return owner === undefined || owner === object ? [] : [`${owner} and ${object} both produce ${output}`];
}

/** `a` beside `a/b`: no store that is a folder can hold both. */
function folderFaults(owners: ReadonlyMap<string, string>): string[] {
  return [...owners.keys()].flatMap((name) => {
    const parts = name.split('/');
    const folder = parts.map((_, index) => parts.slice(0, index).join('/')).find((above) => owners.has(above));
    return folder === undefined
      ? []
      : [`${folder} of ${owners.get(folder)} would have to be a folder too, for ${name} of ${owners.get(name)}`];
  });
}
