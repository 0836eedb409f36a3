/** How a command is started: its program, its environment, and the programs before it that take rights and limits away. */
import { constants } from 'node:fs';
import { access, chmod, readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { limitsOf, LongshoreError, type Command, type Limits } from '@longshore/core';
import type { ContainerRecord } from './container-records.js';
import { markVariable } from './living-processes.js';

export interface Launch {
  argv: [program: string, ...values: string[]];
  environment: Record<string, string>;
  /** Another user than this process's own, where that is root. */
  user: { uid: number; gid: number } | undefined;
}

/** What programs need to run at all, and nothing that could be a secret. */
const everyCommand = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH'];
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** When the container runs out of memory, a command is to die before the worker. */
const diesFirst = 500;

export class Launcher {
  constructor(private readonly passOn: readonly string[]) {}

  /** @throws LongshoreError `command-not-found` */
  async prepare({ id, spec, temporary }: ContainerRecord, { argv, environment = {} }: Command): Promise<Launch> {
    const given = this.environment(temporary, id, environment);
    const program = await findProgram(argv[0] ?? '', given.PATH);
    for (const { host, readOnly } of spec.mounts) if (readOnly) await takeWriteModes(host);
    const [uid = NaN, gid = NaN] = spec.user.split(':').map(Number);
    return {
      argv: [...(await wrappers(limitsOf(spec.resources))), program, ...argv.slice(1)] as Launch['argv'],
      environment: given,
      user: process.getuid?.() === uid ? undefined : { uid, gid },
    };
  }

  private environment(temporary: string, id: string, own: Record<string, string>): Record<string, string> {
    const passed = [...everyCommand, ...this.passOn].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const inherited = Object.fromEntries<string>(passed);
    return { PATH: usualPath, ...inherited, TMPDIR: temporary, ...own, [markVariable]: id };
  }
}

/** As execvp would, so that a program that is not there can be told from one that ends with 127. */
async function findProgram(name: string, path = ''): Promise<string> {
  const places = name.includes('/') ? [name] : path.split(delimiter).map((folder) => join(folder || '.', name));
  for (const place of places) if (await isProgram(place)) return place;
  throw new LongshoreError(
    'command-not-found',
    `The program ${name} cannot be run in the container of this worker: it is not there, or no program.`,
    { remedy: 'Make the image of the worker from that of the job; docs/images.md shows how.' },
  );
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Each replaces itself by the next, so that the command keeps the process id. What this machine lacks is left out. */
async function wrappers({ openFiles, outputBytes }: Limits): Promise<string[]> {
  const hard = await hardLimits();
  const files = Math.min(openFiles, hard('Max open files'));
  // One byte more than is allowed, so that a file which hit the wall can be told from one that just fits.
  const size = Math.min(outputBytes + 1, hard('Max file size'));
  const score = Number(await readFile('/proc/self/oom_score_adj', 'utf8').catch(() => diesFirst));
  const wanted = [
    // The kernel ends the command when this process is killed.
    ['setpriv', '--no-new-privs', '--pdeathsig', 'KILL'],
    // Only raised: lowering takes a privilege.
    ...(score < diesFirst ? [['choom', '-n', String(diesFirst), '--']] : []),
    ['prlimit', `--nofile=${files}:${files}`, `--fsize=${size}:${size}`, '--core=0:0', '--'],
  ];
  const found = await Promise.all(
    wanted.map(async ([name = '', ...values]) => {
      // Found as this process finds programs: the command's own PATH is the plugin's.
      const program = await findProgram(name, process.env.PATH ?? usualPath).catch(() => undefined);
      return program === undefined ? [] : [program, ...values];
    }),
  );
  return found.flat();
}

async function hardLimits(): Promise<(name: string) => number> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  return (name) => {
    const [, hard] = new RegExp(`^${name} +\\S+ +(\\d+) `, 'm').exec(text) ?? [];
    return hard === undefined ? Infinity : Number(hard);
  };
}

/** No wall against the same user, who may give it back; but what a program does by mistake fails here as in a container. */
async function takeWriteModes(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) await takeWriteModes(inside);
    else if (entry.isFile()) await chmod(inside, 0o444);
  }
  await chmod(path, 0o555);
}
