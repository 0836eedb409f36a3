/** `longshore plugin test`: whether a plugin works, and what is wrong with it. */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { LongshoreError } from '@longshore/core';
import { looksLikePath } from '../job-file/job-file.js';
import { checkText } from '../plugin-test/check-text.js';
import { counted, type Check } from '../plugin-test/check.js';
import { testPlugin } from '../plugin-test/test-plugin.js';
import { example } from '../terminal/example.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { printJson } from './client-options.js';
import { addParam } from './job-options.js';

interface TestOptions {
  input?: string;
  expect?: string;
  param: Record<string, string>;
  json?: true;
}

export function pluginTestCommand(): Command {
  return new Command('test')
    .description('check a plugin, run it on a few objects, and run it again')
    .argument('<name or path>', 'the plugin')
    .option('--input <folder>', 'a few objects to try it on; example/input of its folder, otherwise')
    .option('--expect <folder>', 'what must come out; example/expected of its folder, otherwise')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the plugin; may be repeated')
        .argParser(addParam)
        .default({}, 'those of the plugin'),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', example('longshore plugin test ./line-tally'))
    .action(async (plugin: string, { input, expect, param, json }: TestOptions) => {
      const checks: Check[] = [];
      const wish = {
        source: looksLikePath(plugin) ? resolve(plugin) : plugin,
        params: param,
        ...(input !== undefined && { input: resolve(input) }),
        ...(expect !== undefined && { expect: resolve(expect) }),
      };
      const isInterrupted = await testPlugin(wish, (check) => {
        checks.push(check);
        if (!json) process.stdout.write(checkText(check));
      }).then(() => false, whenInterrupted);
      if (isInterrupted) {
        process.stderr.write('Interrupted; containers are stopped.\n');
        process.exitCode = exitCodes.interrupted;
        return;
      }
      const faults = checks.filter(({ state }) => state === 'failed').length;
      if (json) printJson({ plugin, passed: faults === 0, checks });
      else process.stdout.write(faults === 0 ? 'The plugin works.\n' : `${counted(faults, 'check')} failed.\n`);
      if (faults > 0) process.exitCode = exitCodes.error;
    });
}

function whenInterrupted(thrown: unknown): true {
  if (thrown instanceof LongshoreError && thrown.code === 'worker-stopped') return true;
  throw thrown;
}
