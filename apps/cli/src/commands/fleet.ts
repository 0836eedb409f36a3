/** `longshore fleet`: workers of this machine that stay when the command ends. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { LongshoreError, type FleetDescription } from '@longshore/core';
import { awaitLeaving, awaitUp } from '../fleet/await-fleet.js';
import { fleetText, workersInWords } from '../fleet/fleet-text.js';
import { fleetView, type FleetView } from '../fleet/fleet-view.js';
import { fleetTemplate, localFleets } from '../fleet/local-fleet.js';
import { workersClient } from '../fleet/workers-client.js';
import { looksLikePath } from '../job-file/job-file.js';
import { example } from '../terminal/example.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { oneOrMore, wholeNumber } from '../terminal/numbers.js';
import { addOutputOptions, addTokenOptions, print, say, type OutputOptions } from './client-options.js';

interface FleetOptions extends OutputOptions {
  name: string;
  url?: string;
}

interface UpOptions extends FleetOptions {
  workers: number;
  plugin?: string;
  slots?: number;
  joinTokenFile?: string;
  wait: boolean;
}

/** What a worker needs to hand back its tasks and to remove its containers. */
const handBackWithinMs = 3_000;
const forEver = Infinity;

export function fleetCommand(): Command {
  const up = addFleetOptions(
    new Command('up').description('bring a fleet to so many workers; more or fewer than there are'),
  )
    .requiredOption('--workers <number>', 'how many shall work', wholeNumber)
    .option('--plugin <name or path>', 'the plugin they run; known already, where the fleet is')
    .option('--slots <number>', 'tasks each worker works on at the same time (1)', oneOrMore)
    .option('--join-token-file <path>', 'file of the token that lets workers in (LONGSHORE_JOIN_TOKEN_FILE)')
    .option('--no-wait', 'do not wait until they have registered')
    .addHelpText('after', example('longshore fleet up --workers 4 --plugin rgo-segmentation'))
    .action(startFleet);
  const status = addFleetOptions(new Command('status').description('show a fleet: its processes and what they do'))
    .addHelpText('after', example('longshore fleet status --json'))
    .action(async (options: FleetOptions) => show(await viewOf(await known(options.name), options.url), options));
  const down = addFleetOptions(
    new Command('down').description('let every worker of a fleet hand back its tasks, and leave'),
  )
    .option('--now', 'end those that do not leave within seconds')
    .addHelpText('after', example('longshore fleet down --name nuclei'))
    .action(endFleet);
  return new Command('fleet')
    .description('keep workers on this machine that stay when the command ends')
    .addHelpText('after', example('longshore fleet up --workers 4 --plugin rgo-segmentation'))
    .addCommand(up)
    .addCommand(status)
    .addCommand(down);
}

function addFleetOptions(command: Command): Command {
  const named = command
    .option('--name <fleet>', 'which fleet', fleetName, 'fleet')
    .option(
      '--url <address>',
      'address of the orchestrator (LONGSHORE_URL); known already, where the fleet is',
      address,
    );
  return addOutputOptions(addTokenOptions(named));
}

async function startFleet(options: UpOptions): Promise<void> {
  const { name, workers } = options;
  const fleets = localFleets();
  const fleet = await fleets.describe(name);
  const template = fleetTemplate(await settingsOf(options, fleet));
  await fleets.scale(name, { workers, template });
  const look = async () => viewOf(await known(name), options.url);
  const view = options.wait ? await awaitUp(look) : await look();
  show(view, options);
  const gone = view.workers.filter(({ process }) => process === 'gone').length;
  if (gone === 0) return;
  say(options, `${workersInWords(gone)} ended at once; the log says why.`);
  process.exitCode = exitCodes.error;
}

/** What was not typed stays as it is. */
async function settingsOf({ plugin, slots, url, joinTokenFile }: UpOptions, fleet: FleetDescription | undefined) {
  const before = fleet?.template;
  const environment = before?.environment ?? {};
  const isFound = process.env.LONGSHORE_URL_PARAMETER !== undefined && process.env.LONGSHORE_URL_PARAMETER !== '';
  const typed = plugin === undefined ? undefined : looksLikePath(plugin) ? resolve(plugin) : plugin;
  // A plugin that cannot be loaded is told here, and not by each worker in its log.
  if (typed !== undefined) await loadPlugin(typed);
  const chosen = typed ?? before?.plugin ?? process.env.LONGSHORE_PLUGIN;
  if (chosen === undefined || chosen === '') {
    throw new LongshoreError('invalid-configuration', 'Nothing says what the workers of this fleet run.', {
      remedy: 'Name a plugin with --plugin.',
    });
  }
  const usual = before ? environment.LONGSHORE_URL : isFound ? undefined : defaultUrl();
  return {
    plugin: chosen,
    slots: slots ?? before?.slots ?? 1,
    url: url ?? usual,
    joinTokenFile: joinTokenFile ?? environment.LONGSHORE_JOIN_TOKEN_FILE,
  };
}

async function endFleet(options: FleetOptions & { now?: true }): Promise<void> {
  const { name, now } = options;
  const tell = (line: string) => say(options, line);
  const fleets = localFleets();
  const before = await known(name);
  const alive = before.members.filter(({ state }) => state !== 'gone').length;
  await fleets.scale(name, { workers: 0 });
  if (alive > 0) tell(`${workersInWords(alive)} told to leave.`);
  const left = await awaitLeaving(fleets, name, now ? handBackWithinMs : forEver, tell);
  if (left > 0) {
    tell(`${workersInWords(left)} ended; their tasks come back when their leases end.`);
    await fleets.scale(name, { workers: 0, surplus: 'now' });
  }
  const text = alive === 0 ? `fleet ${name}: no workers\n` : `fleet ${name}: ${workersInWords(alive)} gone\n`;
  print(options, { json: { name, ended: alive, by_force: left }, quiet: [alive], text });
}

async function known(name: string): Promise<FleetDescription> {
  const fleet = await localFleets().describe(name);
  if (fleet) return fleet;
  throw new LongshoreError('invalid-configuration', `There is no fleet "${name}" on this machine.`, {
    remedy: `Make it with "longshore fleet up --name ${name} --workers 2 --plugin <name or path>".`,
  });
}

async function viewOf(fleet: FleetDescription, url = fleet.template.environment.LONGSHORE_URL): Promise<FleetView> {
  return fleetView(fleet, url === undefined ? undefined : workersClient(url));
}

function show(view: FleetView, options: FleetOptions): void {
  const quiet = view.workers.map(({ worker_id: id, worker }) => id ?? worker);
  print(options, { json: view, quiet, text: fleetText(view) });
}

function defaultUrl(): string {
  return process.env.LONGSHORE_URL ?? 'http://127.0.0.1:8480';
}

/** Told here, and not by each worker in its log. */
function address(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('Write one such as http://127.0.0.1:8480.');
}

/** It becomes a folder and part of the names of workers. */
function fleetName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) return text;
  throw new InvalidArgumentError('Use at most 40 lower-case letters, digits and hyphens, a letter or digit first.');
}
