/** Looks into the images of Longshore itself. */
import Docker from 'dockerode';
import { Process, type Ended } from './process.js';

export const version = '0.1.0';
export const ownImages = ['orchestrator', 'worker'] as const;

const docker = new Docker();

export function tagOf(image: (typeof ownImages)[number]): string {
  return `longshore/${image}:${version}`;
}

export async function imageSize(image: string): Promise<number> {
  return (await docker.getImage(image).inspect()).Size;
}

/** Everything that is written down about an image: its settings, and how each of its layers was made. */
export async function writtenAbout(image: string): Promise<string> {
  const found = docker.getImage(image);
  return JSON.stringify([await found.inspect(), await found.history()]);
}

/** What a shell script prints in a container of the image. */
export async function inside(image: string, script: string): Promise<Ended> {
  const closed = ['run', '--rm', '--network', 'none', '--entrypoint', 'sh'];
  return new Process('docker', [...closed, image, '-c', script]).ended;
}
