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
    for (let index = names.size; index < objects.length; index += 1) {
      const name = nameOf(objects[index]!);
      names.add(name);
      someFolder(name, (folder) => void folders.add(folder));
    }
    const name = nameOf(next);
    return folders.has(name) || someFolder(name, (folder) => names.has(folder));
  };
}

/** Asked of each folder above a name, until one is it. */
function someFolder(name: string, isIt: (folder: string) => boolean | void): boolean {
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
    if (isIt(name.slice(0, slash)) === true) return true;
  }
  return false;
}
