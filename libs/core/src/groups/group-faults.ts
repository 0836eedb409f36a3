/** What is wrong with the groups somebody has written, each fault with its place. */
import { variableFaults, type VariableFault } from './group-variables.js';

export interface GroupFault {
  /** From the outside in, such as `groups`, `17`, `variables`, `plate`. */
  path: string[];
  message: string;
  known?: string[];
}

export const mostGroups = 250_000;
const mostPatterns = 1_000;
const longestPattern = 1_024;
/** So many are told; a file of a hundred thousand groups may have one fault in each. */
const mostFaults = 50;

const names = ['variables', 'objects'];

/** @param groups what stands in the field `groups` */
export function groupFaults(groups: unknown): GroupFault[] {
  if (!Array.isArray(groups)) return [{ path: ['groups'], message: 'groups must be a list' }];
  if (groups.length === 0) return [{ path: ['groups'], message: 'groups must hold at least one' }];
  if (groups.length > mostGroups) return [{ path: ['groups'], message: `groups must be at most ${mostGroups}` }];
  const faults: GroupFault[] = [];
  for (const [index, group] of (groups as unknown[]).entries()) {
    if (faults.length >= mostFaults) break;
    faults.push(...faultsOf(group).map((fault) => ({ ...fault, path: ['groups', String(index), ...fault.path] })));
  }
  return faults;
}

/** Of the field `variables`, which all groups have. */
export function sharedFaults(variables: unknown): GroupFault[] {
  return placed(variableFaults(variables));
}

function faultsOf(group: unknown): GroupFault[] {
  if (typeof group !== 'object' || group === null || Array.isArray(group)) {
    return [{ path: [], message: 'a group must hold "variables", and may hold "objects"' }];
  }
  const { variables = {}, objects, ...others } = group as Record<string, unknown>;
  const strangers = Object.keys(others).map((name) => ({
    path: [name],
    message: `nobody knows "${name}"`,
    known: names,
  }));
  return [...strangers, ...placed(variableFaults(variables)), ...(objects === undefined ? [] : objectFaults(objects))];
}

function objectFaults(objects: unknown): GroupFault[] {
  const message = objectsFault(objects);
  return message === undefined ? [] : [{ path: ['objects'], message }];
}

/** Why this cannot say which objects belong to a group; undefined where it can. */
export function objectsFault(objects: unknown): string | undefined {
  if (!Array.isArray(objects) || objects.length === 0) return 'objects must be a list of patterns';
  if (objects.length > mostPatterns) return `objects must be at most ${mostPatterns} patterns`;
  const isOne = (wanted: unknown) => {
    const text = typeof wanted === 'object' && wanted !== null ? (wanted as { prefix?: unknown }).prefix : wanted;
    return typeof text === 'string' && text !== '' && text.length <= longestPattern;
  };
  return (objects as unknown[]).every(isOne)
    ? undefined
    : 'objects must be patterns such as P1/A01/*.tif, or {prefix: ...}, of at most 1024 letters';
}

function placed(faults: readonly VariableFault[]): GroupFault[] {
  return faults.map(({ name, message }) => ({
    path: ['variables', ...(name === undefined ? [] : [name])],
    message,
  }));
}
