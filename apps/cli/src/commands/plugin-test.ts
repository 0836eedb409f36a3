/** `longshore plugin test`: whether a plugin works, and what is wrong with it. */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { LongshoreError } from '@longshore/core';
import { looksLikePath } from '../job-file/job-file.js';
import { checkText } from '../plugin-test/check-text.js';
import type { Check } from '../plugin-test/check.js';
import { counted } from '../terminal/counted.js';
import { example } from '../terminal/example.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { addOutputOptions, print, say, type OutputOptions } from './client-options.js';
import { addParam } from './job-options.js';

interface TestOptions extends OutputOptions {
  input?: string;
  expect?: string;
  param: Record<string, string>;
}

export function pluginTestCommand(): Command {
  return addOutputOptions(new Command('test').description('check a plugin, run it on a few objects, and run it again'))
    .argument('<name or path>', 'the plugin')
    .option('--input <folder>', 'a few objects to try it on; example/input of its folder, otherwise')
    .option('--expect <folder>', 'what must come out; example/expected of its folder, otherwise')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the plugin; may be repeated')
        .argParser(addParam)
        .default({}, 'those of the plugin'),
    )
    .addHelpText('after', example('longshore plugin test ./line-tally'))
    .action(async (plugin: string, { input, expect, param, ...output }: TestOptions) => {
      const checks: Check[] = [];
      const wish = {
        source: looksLikePath(plugin) ? resolve(plugin) : plugin,
        params: param,
        ...(input !== undefined && { input: resolve(input) }),
        ...(expect !== undefined && { expect: resolve(expect) }),
      };
      // No other command waits for what talks to the engine to be loaded.
      const { testPlugin } = await import('../plugin-test/test-plugin.js');
      const isInterrupted = await testPlugin(wish, (check) => {
        checks.push(check);
        if (!output.json && !output.quiet) process.stdout.write(checkText(check));
      }).then(() => false, whenInterrupted);
      if (isInterrupted) {
        say(output, 'Interrupted; containers are stopped.');
        process.exitCode = exitCodes.interrupted;
        return;
      }
      const faults = checks.filter(({ state }) => state === 'failed').map(({ check }) => check);
      const text = faults.length === 0 ? 'The plugin works.\n' : `${counted(faults.length, 'check')} failed.\n`;
      print(output, { json: { plugin, passed: faults.length === 0, checks }, quiet: faults, text });
      if (faults.length > 0) process.exitCode = exitCodes.error;
    });
}

function whenInterrupted(thrown: unknown): true {
  if (thrown instanceof LongshoreError && thrown.code === 'worker-stopped') return true;
  throw thrown;
}
