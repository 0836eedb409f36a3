/** Job files of Distributed-Something: shared keys, and a list of groups, each of which is one task. */

/** A list of groups as the jobs API takes it. */
export interface WrittenGroups {
  variables: Record<string, unknown>;
  groups: unknown[];
}

/** Names that only explain something to whoever reads the file. */
const comment = '_comment';

/** What a text holds, if it is such a file: JSON, with groups that are not written as Longshore writes them. */
export function readDistributedSomething(text: string): WrittenGroups | undefined {
  if (!/^\uFEFF?\s*\{/.test(text)) return undefined;
  const found = parsed(text);
  if (!isRecord(found) || !Array.isArray(found.groups) || isOurs(found.groups)) return undefined;
  const { groups, ...shared } = withoutComments(found);
  return {
    variables: shared,
    groups: (groups as unknown[]).map((group) => (isRecord(group) ? { variables: withoutComments(group) } : group)),
  };
}

/** Where in the file stands what has this place in a request. */
export function placeInFile([field, ...path]: readonly string[]): string[] {
  if (field === 'variables') return path;
  const [index, inner, ...rest] = path;
  if (index === undefined) return [field ?? ''];
  return ['groups', index, ...(inner === 'variables' ? rest : inner === undefined ? [] : [inner, ...rest])];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isOurs(groups: readonly unknown[]): boolean {
  const ours = ['variables', 'objects'];
  return groups.every(
    (group) =>
      isRecord(group) &&
      Object.keys(group).every((name) => ours.includes(name)) &&
      (isRecord(group.variables) || Array.isArray(group.objects)),
  );
}

function withoutComments(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.includes(comment)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
