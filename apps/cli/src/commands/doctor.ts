/** `longshore doctor`: what is wrong here, before a job meets it, and what to do about it. */
import { Command } from 'commander';
import { LongshoreError } from '@longshore/core';
import { allChecks } from '../doctor/checks.js';
import { examine } from '../doctor/examine.js';
import { finding, type Finding } from '../doctor/finding.js';
import { isHealthy, reportLines, reportSummary } from '../doctor/report.js';
import { readWish, type DoctorOptions, type Wish } from '../doctor/wish.js';
import { example } from '../terminal/example.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { wholeNumber } from '../terminal/numbers.js';
import { addOutputOptions, addTokenOptions, print, say } from './client-options.js';

const limitMs = 12_000;

export function doctorCommand(): Command {
  const command = new Command('doctor').description('say what is wrong on this machine, and what to do about it');
  return addOutputOptions(addTokenOptions(command))
    .argument('[job.yaml]', 'a file that describes a job; options win over what it says')
    .option('--plugin <name or path>', 'look at its image, and at what it takes')
    .option('--input <location>', 'look whether it can be listed and read')
    .option('--output <location>', 'look whether it can be listed and written to')
    .option('--slots <number>', 'tasks at the same time on this machine (LONGSHORE_SLOTS)', wholeNumber)
    .option('--url <address>', 'address of the orchestrator (LONGSHORE_URL)')
    .addHelpText('after', example('longshore doctor --plugin echo --input s3://bucket/in/ --output s3://bucket/out/'))
    .action(async (file: string | undefined, options: DoctorOptions, command: Command) => {
      const interrupt = new AbortController();
      process.once('SIGINT', () => interrupt.abort());
      const findings = await diagnose(file, options, command.parent?.version() ?? '', interrupt.signal);
      if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
      const healthy = isHealthy(findings);
      print(options, {
        json: { healthy, findings },
        quiet: findings.filter(({ state }) => state === 'failed' || state === 'warning').map(({ id }) => id),
        text: reportLines(findings)
          .map((line) => `${line}\n`)
          .join(''),
      });
      if (!options.json) say(options, reportSummary(findings));
      await everythingIsWritten();
      // What hangs still would keep the command here.
      process.exit(healthy ? exitCodes.done : exitCodes.error);
    });
}

async function diagnose(
  file: string | undefined,
  options: DoctorOptions,
  version: string,
  interrupt: AbortSignal,
): Promise<Finding[]> {
  const { wish, faults } = await wishOf(file, options);
  const { slots, url } = options;
  const question = { wish, slots, url, version, environment: process.env, limitMs };
  // Everything that speaks to the outside world is slow to load, and no other command shall wait for it.
  const { compose } = await import('../doctor/compose.js');
  const checks = allChecks(question, compose(process.env, wish.policy, limitMs));
  return [...faults, ...(await examine(checks, limitMs, interrupt))];
}

/** With a file that cannot be read, all the rest is looked at. */
async function wishOf(file: string | undefined, options: DoctorOptions): Promise<{ wish: Wish; faults: Finding[] }> {
  try {
    return { wish: await readWish(file, options), faults: [] };
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError) || thrown.code !== 'job-file-invalid') throw thrown;
    const faults = [finding('job-file-invalid', 'job file', thrown.message)];
    return { wish: await readWish(undefined, options), faults };
  }
}

function everythingIsWritten(): Promise<void> {
  return new Promise((resolve) => process.stdout.write('', () => resolve()));
}
