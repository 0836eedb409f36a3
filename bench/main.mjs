/** The bench: runs the wanted suites one after the other, prints one table, and writes the rows where they are wanted. */
import { writeFile } from 'node:fs/promises';
import { Bench } from './framework/bench.mjs';
import { Cleanup, endBySignal } from './framework/cleanup.mjs';
import { machineFacts } from './framework/machine.mjs';
import { help, readOptions, WrongUse } from './framework/options.mjs';
import { PeerSet } from './framework/peer-set.mjs';
import { publish } from './framework/published.mjs';
import { loadSuites, UnknownSuite } from './framework/suites.mjs';
import { terminalTable } from './framework/table.mjs';
import { setUps } from './peers/index.mjs';

const say = (line) => process.stderr.write(`${line}\n`);
const forever = new Promise(() => undefined);

async function main(args) {
  const options = readOptions(args);
  if (options.help) return print(help);
  const suites = await loadSuites(options.suites);
  if (options.list) return print(suites.map(listed).join(''));
  const machine = await machineFacts();
  for (const [name, value] of Object.entries(machine)) say(`${name.padEnd(10)} ${value}`);

  const whole = new Cleanup();
  const current = new Cleanup();
  const isInterrupted = endBySignal([current, whole]);
  const peerSet = new PeerSet({ setUps, wanted: options.peers, cleanup: whole, say });
  const results = [];
  try {
    for (const suite of suites) {
      results.push(await runSuite(suite, { options, peerSet, cleanup: current, isInterrupted }));
    }
  } finally {
    await whole.run();
  }
  const rows = results.flatMap((result) => result.rows);
  print(`${terminalTable(rows)}\n`);
  if (options.json) await writeFile(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
  if (options.docs) {
    await publish(
      results.filter((result) => !result.failed),
      { machine, date: new Date().toISOString().slice(0, 10) },
    );
  }
  const failed = results.filter((result) => result.failed).map((result) => result.name);
  if (failed.length > 0) say(`failed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
}

/** A suite that fails keeps what it has measured, and the others are run all the same. */
async function runSuite(suite, { options, peerSet, cleanup, isInterrupted }) {
  const { name } = suite;
  say(`\n${name}: ${suite.summary}`);
  const { peers, missing } = await peerSet.provide(suite.peers);
  const bench = new Bench({
    suite: name,
    runs: options.runs,
    quick: options.quick,
    peers,
    cleanup,
    say: (line) => say(`  ${line}`),
  });
  for (const [peer, why] of Object.entries(missing)) bench.missing(peer, why);
  const versions = versionsOf(peers);
  for (const [peer, version] of Object.entries(versions)) say(`  ${peer} ${version}`);
  let failed = false;
  const attempt = async (step) => {
    try {
      await step();
    } catch (error) {
      // The handler of the signal ends this process.
      if (isInterrupted()) await forever;
      failed = true;
      say(error.stack);
    }
  };
  await attempt(() => suite.run(bench));
  await attempt(() => cleanup.run());
  if (isInterrupted()) await forever;
  return { name, summary: suite.summary, rows: bench.rows, versions, failed };
}

function versionsOf(peers) {
  const known = Object.entries(peers).filter(([, { version }]) => version !== undefined);
  return Object.fromEntries(known.map(([name, { version }]) => [name, version]));
}

function listed({ name, summary, peers }) {
  return `${name.padEnd(12)}${summary}${peers.length > 0 ? ` (${peers.join(', ')})` : ''}\n`;
}

function print(text) {
  process.stdout.write(text);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    const wrongUse = error instanceof WrongUse || error instanceof UnknownSuite;
    say(wrongUse ? error.message : error.stack);
    process.exit(wrongUse ? 2 : 1);
  },
);
