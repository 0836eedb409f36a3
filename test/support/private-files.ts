/** What a token must not be found in: files, and what the system tells everybody about processes and containers. */
import { chmod, readdir, readFile } from 'node:fs/promises';
import Docker from 'dockerode';
import { filesBelow, type Sandbox } from './sandbox.js';

/** A file with a token, as an operator keeps one. */
export async function tokenFile(sandbox: Sandbox, name: string, token: string): Promise<string> {
  const path = await sandbox.write(name, `${token}\n`);
  await chmod(path, 0o600);
  return path;
}

/** The arguments of every process of this machine, which every user of it can read. */
export async function everyCommandLine(): Promise<string> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.join('\n');
}

/** All that Docker knows of the containers of a worker. */
export async function inspectContainersOf(worker: string): Promise<string> {
  const docker = new Docker();
  const found = await docker.listContainers({ all: true, filters: { label: [`longshore.worker=${worker}`] } });
  if (found.length === 0) throw new Error(`${worker} has no container to look at.`);
  return JSON.stringify(await Promise.all(found.map(({ Id }) => docker.getContainer(Id).inspect())));
}

export async function everyFileBelow(folder: string): Promise<string> {
  const files = await filesBelow(folder);
  return [...files.values()].map((content) => content.toString('latin1')).join('\n');
}
