/** Objects that cannot be files of one workspace: `a` beside `a/b`, where one name is a folder of the other. */
import type { ObjectRef } from '../words/object-ref.js';

/** A test whether the next object fits beside those of an open batch; remembers the batch it was last asked about. */
export function createConflictTest(
  nameOf: (object: ObjectRef) => string,
): (objects: readonly ObjectRef[], next: ObjectRef) => boolean {
  let batch: readonly ObjectRef[] | undefined;
  let names = new Set<string>();
  let folders = new Set<string>();
  /** A folder that was found to have room: what is listed lies mostly where the object before it does. */
  let roomy: string | undefined;
  /** The latest, whose name has been hashed: most of them are of the batch the next time. */
  let asked: { object: ObjectRef; name: string } | undefined;
  return (objects, next) => {
    if (objects !== batch) [batch, names, folders, roomy] = [objects, new Set(), new Set(), undefined];
    for (let index = names.size; index < objects.length; index += 1) {
      const object = objects[index]!;
      const name = object === asked?.object ? asked.name : nameOf(object);
      names.add(name);
      if (!folders.has(folderOf(name))) someFolder(name, (folder) => void folders.add(folder));
      if (roomy?.startsWith(name)) roomy = undefined;
    }
    const name = nameOf(next);
    asked = { object: next, name };
    if (folders.has(name)) return true;
    const folder = folderOf(name);
    if (folder === roomy) return false;
    if (someFolder(name, (above) => names.has(above))) return true;
    roomy = folder;
    return false;
  };
}

/** Where a name lies; empty for one that lies in no folder. */
function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/** Asked of each folder above a name, until one is it. */
function someFolder(name: string, isIt: (folder: string) => boolean | void): boolean {
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
    if (isIt(name.slice(0, slash)) === true) return true;
  }
  return false;
}
