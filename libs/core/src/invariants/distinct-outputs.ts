/** I7: no two objects can meet in a workspace or in an output. */
import { refusalOfName } from '../layout/object-name.js';
import { declaredOutputs, pluginObject } from '../plugin/hooks.js';
import type { JobPlugin, PluginObject } from '../plugin/job-plugin.js';
import type { ObjectRef } from '../words/object-ref.js';
import type { Task } from '../words/task.js';
import { broken, type Invariant, type JobInView, type Look } from './invariant.js';

export const distinctOutputs: Invariant = {
  id: 'I7',
  sentence: 'Every object has a file of its own in its workspace and outputs of its own.',
  look: (view) => new OutputLook(view),
};

class OutputLook implements Look {
  private readonly owners = new Map<string, string>();

  constructor(private readonly view: JobInView) {}

  task(task: Task): string[] {
    // What was set aside before anybody tried may well be a name that meets another one.
    const isRefused = task.state === 'dead' && task.fence === 0;
    if (isRefused || task.state === 'split') return [];
    const promised = task.objects.flatMap((object) => this.promised(object));
    return [...task.objects.flatMap((object) => this.pathFaults(object)), ...promised, ...this.recorded(task)];
  }

  end(): string[] {
    return [];
  }

  private pathFaults(object: ObjectRef): string[] {
    const { input } = this.view.job.spec;
    const refusal = refusalOfName(pluginObject(input, object).relativeKey);
    return broken(
      [!object.key.startsWith(input.prefix), `The object "${object.key}" does not lie below the input.`],
      [refusal !== undefined, `The object "${object.key}" is worked on although ${refusal}.`],
    );
  }

  private promised(object: ObjectRef): string[] {
    const { plugin, job } = this.view;
    if (!plugin) return [];
    return this.claim(object.key, knownOutputs(plugin, pluginObject(job.spec.input, object)));
  }

  private recorded({ manifest }: Task): string[] {
    return (manifest?.entries ?? []).flatMap(({ objectKey, outputs }) =>
      this.claim(
        objectKey ?? '',
        outputs.map(({ name }) => name),
      ),
    );
  }

  private claim(objectKey: string, names: readonly string[]): string[] {
    return names.flatMap((name) => {
      const owner = this.owners.get(name) ?? objectKey;
      this.owners.set(name, owner);
      return broken([owner !== objectKey, `The objects "${owner}" and "${objectKey}" both write "${name}".`]);
    });
  }
}

/** A hook that throws for an object keeps it from being done, so it has no outputs. */
export function knownOutputs(plugin: JobPlugin, object: PluginObject): string[] {
  try {
    return declaredOutputs(plugin, object);
  } catch {
    return [];
  }
}
