/** Objects moved between an S3 server of this machine and a folder: how many, how fast, and what that costs in CPU time. */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { startProgram } from '../framework/program.mjs';
import { comparedRows } from '../framework/rows.mjs';
import { awsCli, own, rclone } from '../transfers/subjects.mjs';
import { timed } from '../transfers/timed.mjs';

const server = path.join(import.meta.dirname, '../transfers/server.mjs');
const ours = 'longshore';

function kindsOf(quick) {
  const [small, large] = quick ? [50, 2] : [2_000, 20];
  const largeBytes = quick ? 40e6 : 100e6;
  return [
    { name: 'small', shown: `${small} x 100 KB`, count: small, bytes: 100_000, unit: 'objects/s', per: 1 },
    {
      name: 'large',
      shown: `${large} x ${largeBytes / 1e6} MB`,
      count: large,
      bytes: largeBytes,
      unit: 'MB/s',
      per: largeBytes / 1e6,
    },
  ];
}

export const suite = {
  name: 'transfers',
  summary: 'objects from and to S3, small and large, with their CPU time',
  peers: ['rclone', 'aws-cli'],
  async run(bench) {
    const kinds = kindsOf(bench.quick);
    const given = ['warm:500:100000', ...kinds.map(({ name, count, bytes }) => `${name}:${count}:${bytes}`)];
    const program = await startProgram(process.execPath, [server, ...given], { ready: /http:\S+/ });
    bench.defer(program.stop);
    const place = { endpoint: program.matched[0], folder: await bench.temporary() };
    const subjects = {
      ...own,
      ...(bench.peer('rclone') && { rclone: rclone(bench.peer('rclone').path) }),
      ...(bench.peer('aws-cli') && { 'AWS CLI': awsCli(bench.peer('aws-cli').path) }),
    };
    const starts = await startsOf(subjects, place);
    for (const kind of kinds)
      for (const verb of ['get', 'put']) await measure(bench, { kind, verb, subjects, starts, place });
  },
};

/** Programs that run for one command only would pay for their start; it is measured with nothing to do, and taken off. Ours are warm, as a worker is. */
async function startsOf(subjects, { endpoint, folder }) {
  const starts = {};
  for (const [name, subject] of Object.entries(subjects)) {
    const empty = await emptied(folder, 'nothing');
    const { command, env } = subject({ verb: 'get', endpoint, prefix: 'nothing/', folder: empty });
    const tries = [];
    for (let times = 0; times < 3; times += 1) tries.push(await timed(command, { env }));
    starts[name] = tries.sort((a, b) => a.seconds - b.seconds)[0];
  }
  return starts;
}

async function measure(bench, { kind, verb, subjects, starts, place: { endpoint, folder } }) {
  const source = path.join(folder, kind.name);
  if (verb === 'put') await fill(source, kind);
  const cpu = {};
  const run = async (name) => {
    const target = verb === 'put' ? source : await emptied(folder, 'got');
    const prefix =
      verb === 'put' ? `put-${name.replaceAll(' ', '-')}-${Math.random().toString(36).slice(2)}/` : `${kind.name}/`;
    const { command, env } = subjects[name]({ verb, endpoint, prefix, folder: target });
    const took = await timed(command, { env });
    await checkAll({ verb, endpoint, prefix, folder: target, kind });
    const start = took.tellsItself ? { seconds: 0, cpuSeconds: 0 } : starts[name];
    const seconds = Math.max(took.seconds - start.seconds, took.seconds / 10);
    const cpuSeconds = Math.max(took.cpuSeconds - start.cpuSeconds, took.cpuSeconds / 10);
    (cpu[name] ??= []).push(cpuSeconds / ((kind.count * kind.bytes) / 1e9));
    return (kind.count * kind.per) / seconds;
  };
  const named = Object.fromEntries(Object.keys(subjects).map((name) => [name, () => run(name)]));
  const what = `${verb.toUpperCase()} ${kind.shown}`;
  const rows = await bench.interleave({ metric: what, unit: kind.unit, better: 'more', ours, subjects: named });
  const measured = Object.fromEntries(rows.map(({ subject }) => [subject, cpu[subject]]));
  const costs = { metric: `${what}, CPU`, unit: 's/GB', better: 'less', ours, runs: measured };
  for (const row of comparedRows({ suite: suite.name, ...costs })) bench.record(row);
  if (verb === 'put') await rm(source, { recursive: true });
}

/** A fast client that forgets objects is no fast client. */
async function checkAll({ verb, endpoint, prefix, folder, kind }) {
  const sizes = verb === 'get' ? await sizesIn(folder) : await sizesBelow(endpoint, prefix);
  const wrong = sizes.length !== kind.count || sizes.some((size) => size !== kind.bytes);
  if (wrong) throw new Error(`${sizes.length} of ${kind.count} objects arrived, or not whole`);
}

async function sizesIn(folder) {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
}

async function sizesBelow(endpoint, prefix) {
  const answer = await fetch(`${endpoint}/bench?list-type=2&max-keys=100000&prefix=${encodeURIComponent(prefix)}`);
  return [...(await answer.text()).matchAll(/<Size>(\d+)</g)].map(([, size]) => Number(size));
}

async function fill(folder, { count, bytes }) {
  await mkdir(folder, { recursive: true });
  const block = Buffer.alloc(Math.min(bytes, 1e6), 'longshore');
  for (let number = 0; number < count; number += 1) {
    const file = await open(path.join(folder, String(number).padStart(6, '0')), 'w');
    for (let at = 0; at < bytes; at += block.length) await file.write(block, 0, Math.min(block.length, bytes - at));
    await file.close();
  }
}

async function emptied(folder, name) {
  const made = path.join(folder, name);
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  return made;
}
