/** Objects that cannot be files of one workspace: `a` beside `a/b`, where one name is a folder of the other. */
import type { ObjectRef } from '../words/object-ref.js';

/** A test whether the next object fits beside those of an open batch; remembers the batch it was last asked about. */
export function createConflictTest(
  nameOf: (object: ObjectRef) => string,
): (objects: readonly ObjectRef[], next: ObjectRef) => boolean {
  let batch: readonly ObjectRef[] | undefined;
  let names = new Set<string>();
  let folders = new Set<string>();
  return (objects, next) => {
    if (objects !== batch) [batch, names, folders] = [objects, new Set(), new Set()];
    for (const object of objects.slice(names.size)) {
      names.add(nameOf(object));
      for (const folder of foldersOf(nameOf(object))) folders.add(folder);
    }
    const name = nameOf(next);
    return folders.has(name) || foldersOf(name).some((folder) => names.has(folder));
  };
}

function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
