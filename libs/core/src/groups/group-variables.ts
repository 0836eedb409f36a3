/** Variables of a group as variables of an environment, and what cannot be one. */
import { textOf, type Variables } from './job-group.js';

/** Stands before every name, so that no group can set `PATH` or `LD_PRELOAD`. */
const before = 'GROUP_';

const mostVariables = 200;
const longestNameChars = 100;
/** Linux takes no single text of more than 128 KiB, and a task keeps its variables. */
const mostBytes = 32_768;

export interface VariableFault {
  /** The name of the variable; absent where all of them are meant. */
  name?: string;
  message: string;
}

/** What is wrong with the variables of one group, or with those all groups have. */
export function variableFaults(variables: unknown): VariableFault[] {
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables)) {
    return [{ message: 'variables must be names and values' }];
  }
  const entries = Object.entries(variables as Record<string, unknown>);
  if (entries.length > mostVariables) return [{ message: `there must be at most ${mostVariables} variables` }];
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes > mostBytes) return [{ message: `the variables take ${bytes} bytes, and ${mostBytes} is the most` }];
  const owners = new Map<string, string>();
  return entries.flatMap(([name, value]): VariableFault[] => {
    const message = faultOf(name, value) ?? clash(owners, name);
    return message === undefined ? [] : [{ name, message }];
  });
}

function faultOf(name: string, value: unknown): string | undefined {
  if (name.length > longestNameChars) return `a name of a variable has at most ${longestNameChars} letters`;
  if (!/[A-Za-z0-9]/.test(name)) return `the name "${name}" needs a letter or a digit`;
  if (textOf(value).includes('\0')) return `the value of "${name}" holds a zero character, which no variable can`;
  return undefined;
}

function clash(owners: Map<string, string>, name: string): string | undefined {
  const owner = owners.get(variableName(name));
  owners.set(variableName(name), name);
  return owner === undefined ? undefined : `"${owner}" and "${name}" would both be ${variableName(name)}`;
}

/** `plate id` becomes `GROUP_plate_id`: letters, digits and underlines, which every shell can read. */
export function variableName(name: string): string {
  return before + name.replace(/[^A-Za-z0-9_]/g, '_');
}

/** What the command finds in its environment. Values are handed over as they are, and no shell looks at them. */
export function environmentOf(variables: Variables): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [variableName(name), textOf(value)]));
}

/** The values of a text such as `plate=P1,well=A01`, as Distributed-Something writes them; names and values are taken as they are. */
export function readPairs(value: unknown): Record<string, string> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, textOf(one)]));
  }
  const pairs = textOf(value)
    .split(',')
    .filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}
