/** Objects that cannot be files of one workspace: `a` beside `a/b`, where one name is a folder of the other. */
import type { ObjectRef } from '../words/object-ref.js';

/**
 * A test whether the next object of a listing fits beside those of an open batch. Asks only for folders of the next name, because a
 * listing ordered by key shows `a` before `a/b`.
 */
export function createConflictTest(
  nameOf: (object: ObjectRef) => string,
): (objects: readonly ObjectRef[], next: ObjectRef) => boolean {
  let batch: readonly ObjectRef[] | undefined;
  let names = new Set<string>();
  return (objects, next) => {
    if (objects !== batch) names = new Set();
    for (const object of objects.slice(names.size)) names.add(nameOf(object));
    batch = objects;
    return foldersOf(nameOf(next)).some((folder) => names.has(folder));
  };
}

function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
