/** What is wrong with the description of a plugin, field by field, each with what to write instead. */
import { lifecycles, networks, type ResourceLimits } from './job-plugin.js';
import { limitFaults } from './resource-limits.js';

export interface ShapeFault {
  /** Such as `container.mounts.inputs`. */
  field: string;
  /** What is wrong, so that field and fault together are a sentence. */
  fault: string;
  /** What to write instead, as a sentence. */
  remedy: string;
}

type Fields = Record<string, unknown>;

const known = {
  '': [
    'name',
    'version',
    'summary',
    'params',
    'container',
    'layout',
    'command',
    'environment',
    'interpret',
    'summarize',
    'timeoutSeconds',
  ],
  container: ['image', 'name', 'lifecycle', 'mounts', 'resources', 'network'],
  'container.mounts': ['inputs', 'outputs'],
  'container.resources': ['cpus', 'memory', 'pids', 'openFiles', 'outputBytes', 'outputFiles', 'temporaryBytes'],
  layout: ['include', 'exclude', 'groupBy', 'objectsOfGroup', 'outputs', 'record', 'outputsAppearWhole'],
};

/** @param plugin whatever somebody takes for a plugin */
export function shapeFaults(plugin: unknown): ShapeFault[] {
  const faults: ShapeFault[] = [];
  const check = (holds: boolean, field: string, fault: string, remedy: string): void => {
    if (!holds) faults.push({ field, fault, remedy });
  };
  if (!isFields(plugin))
    return [{ field: 'the plugin', fault: 'is no object', remedy: 'Export what defineJobPlugin returns.' }];
  const { name, version, summary, container, layout } = plugin;
  check(
    matches(name, /^[a-z0-9][a-z0-9-]*$/),
    'name',
    'must be lower-case letters, digits and hyphens',
    'Write one such as line-count.',
  );
  check(
    matches(version, /^\d+\.\d+\.\d+/),
    'version',
    'must be a semantic version such as 1.0.0',
    'Raise it whenever the results change.',
  );
  check(
    typeof summary === 'string' && summary.trim() !== '',
    'summary',
    'is missing',
    'Say in one line what the plugin does.',
  );
  check(
    typeof plugin.params === 'function',
    'params',
    'must be a class',
    'Write "class Params {}" where there are none.',
  );
  check(
    typeof plugin.command === 'function',
    'command',
    'must be a function',
    'Write command: (task) => [program, task.inputs, task.outputs].',
  );
  for (const field of ['environment', 'interpret', 'summarize']) checkOptional(check, plugin, field, 'function');
  if (isFields(container)) checkContainer(check, container);
  else check(false, 'container', 'is missing', 'Say image, name, lifecycle, mounts, resources and network.');
  if (isFields(layout)) checkLayout(check, layout);
  else
    check(false, 'layout', 'is missing', 'Say which objects are taken (include) and what each must produce (outputs).');
  const seconds = plugin.timeoutSeconds ?? 1;
  check(
    typeof seconds === 'number' && seconds > 0,
    'timeoutSeconds',
    'must be more than 0',
    'Leave it out for ten minutes.',
  );
  return faults;
}

/** Fields that mean nothing: mistyped, or in the wrong place. */
export function unknownFields(plugin: unknown): string[] {
  return Object.entries(known).flatMap(([place, names]) => {
    const fields = place
      .split('.')
      .reduce<unknown>((at, part) => (part === '' ? at : isFields(at) ? at[part] : undefined), plugin);
    if (!isFields(fields)) return [];
    return Object.keys(fields)
      .filter((name) => !names.includes(name))
      .map((name) => (place === '' ? name : `${place}.${name}`));
  });
}

/** Every field there is, by its full name. */
export const pluginFields: readonly string[] = Object.entries(known).flatMap(([place, names]) =>
  names.map((name) => (place === '' ? name : `${place}.${name}`)),
);

type Check = (holds: boolean, field: string, fault: string, remedy: string) => void;

function checkContainer(check: Check, container: Fields): void {
  const { image, name, lifecycle, mounts, resources, network } = container;
  check(
    typeof image === 'string' && image.trim() !== '',
    'container.image',
    'is empty',
    'Name a tag or a digest, such as busybox:1.36.',
  );
  check(
    matches(name, /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/),
    'container.name',
    'is not a container name',
    'Use letters, digits, dots, hyphens and underscores.',
  );
  check(
    lifecycles.includes(lifecycle as never),
    'container.lifecycle',
    `must be one of ${lifecycles.join(', ')}`,
    'Write long-lived where a command leaves nothing behind, warm where it is also over within seconds, and per-task otherwise.',
  );
  check(
    networks.includes(network as never),
    'container.network',
    `must be one of ${networks.join(', ')}`,
    'Write none, unless the command needs one.',
  );
  const { inputs, outputs } = isFields(mounts) ? mounts : {};
  for (const [side, path] of Object.entries({ inputs, outputs })) {
    check(matches(path, /^\//), `container.mounts.${side}`, 'must be an absolute path', `Write one such as /${side}.`);
  }
  check(
    inputs !== outputs || inputs === undefined,
    'container.mounts',
    'says that inputs and outputs are mounted at the same path',
    'Give each its own.',
  );
  if (!isFields(resources))
    return check(false, 'container.resources', 'is missing', 'Write such as { cpus: 1, memory: "256MiB", pids: 32 }.');
  for (const fault of limitFaults(resources as unknown as ResourceLimits)) {
    const [field = '', ...words] = fault.split(' ');
    check(
      false,
      `container.resources.${field}`,
      words.join(' '),
      'Sizes are written such as 256MiB or 4GiB, everything else as numbers.',
    );
  }
}

function checkLayout(check: Check, layout: Fields): void {
  const { include, exclude } = layout;
  check(
    isTexts(include) && include.length > 0,
    'layout.include',
    'names no pattern',
    'Write ["**"] to take every object.',
  );
  check(isTexts(exclude), 'layout.exclude', 'must be a list of patterns', 'Write [] to leave nothing out.');
  check(
    typeof layout.outputs === 'function',
    'layout.outputs',
    'must be a function',
    'Write outputs: (object) => [`${object.relativeKey}.out`].',
  );
  for (const field of ['groupBy', 'objectsOfGroup', 'record'])
    checkOptional(check, layout, field, 'function', 'layout.');
  checkOptional(check, layout, 'outputsAppearWhole', 'boolean', 'layout.');
}

function checkOptional(check: Check, fields: Fields, name: string, type: 'function' | 'boolean', above = ''): void {
  const value = fields[name];
  const kind = type === 'function' ? 'a function' : 'true or false';
  check(
    value === undefined || typeof value === type,
    `${above}${name}`,
    `must be ${kind}`,
    'Leave it out where it is not needed.',
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}
