/** A command as somebody types it, within the process of the test. */
import { jest } from '@jest/globals';
import { createProgram } from '../program.js';

export interface Typed {
  code: typeof process.exitCode;
  stdout: string;
  stderr: string;
}

/** @param meanwhile is done while the command runs, and sees what it has printed so far */
export async function typed(args: string[], meanwhile?: (so: () => Typed) => Promise<void>): Promise<Typed> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text: unknown) => {
      written[name] += String(text);
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const running = createProgram().parseAsync(['node', 'longshore', ...args]);
    await Promise.all([running, meanwhile?.(() => ({ code: process.exitCode, ...written }))]);
    return { code: process.exitCode ?? 0, ...written };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** Waits for what somebody has typed to have printed something, or for anything else. */
export async function until(holds: () => boolean, withinMs = 10_000): Promise<void> {
  for (const end = performance.now() + withinMs; !holds();) {
    if (performance.now() > end) throw new Error(`Waited ${withinMs} ms for ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
