/** Groups that a job lists: each is one task, with values of its own that its command is told. */
import { createHash } from 'node:crypto';

/** Values by their names, as somebody wrote them: text, numbers, lists, whatever JSON holds. */
export type Variables = Readonly<Record<string, unknown>>;

/** Objects of a group: those whose names below the input match a pattern, or begin with a text. */
export type GroupObjects = string | { prefix: string };

export interface JobGroup {
  variables: Variables;
  /** At least one. */
  objects: GroupObjects[];
}

/** The group that a task is: which one of its job, and what its command is told. */
export interface TaskGroup {
  /** From 1, in the order in which the job lists them. */
  number: number;
  variables: Variables;
}

/** What a job remembers of its groups in every place but the one where they lie. */
export interface GroupList {
  count: number;
  /** Changes with every group. */
  digest: string;
  /** Variables that all groups have; a group's own win. */
  variables: Variables;
}

export function groupList(groups: readonly JobGroup[], variables: Variables): GroupList {
  const hash = createHash('sha256');
  for (const group of groups) hash.update(`${JSON.stringify(group)}\n`);
  return { count: groups.length, digest: hash.digest('hex'), variables };
}

/** Everything the command of a group is told. */
export function variablesOf(shared: Variables | undefined, group: Pick<TaskGroup, 'variables'> | undefined): Variables {
  return { ...shared, ...group?.variables };
}

const longestName = 80;

/** A group as people recognise it: its number, and its own values. */
export function groupName({ number, variables }: TaskGroup): string {
  const values = Object.entries(variables).map(([name, value]) => `${name}=${textOf(value)}`);
  const text = values.join(', ');
  const short = text.length > longestName ? `${text.slice(0, longestName)}…` : text;
  return short === '' ? `group ${number}` : `group ${number} (${short})`;
}

/** Text stays as it is; everything else is written as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
}
