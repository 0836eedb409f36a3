/** Workers that do nothing with their tasks but report them, in a process of their own: `node light-workers.mjs URL WAY WORKERS SIZE TASKS`. */
import { Agent } from 'node:http';
import { send } from '../programs/send.mjs';
import { noOpManifest } from './no-op-manifest.mjs';

const [address, way, workers, size, tasks] = process.argv.slice(2);
const url = new URL(address);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const wanted = Number(tasks);
const each = Number(size);
let published = 0;
let worked = 0;

async function ask(method, path, body) {
  const { status, text } = await send({ url, agent, method, path, body });
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text);
}

const named = ({ assignment_id, fence }, status, details) => ({
  status,
  assignment_id,
  fence,
  ...(details && { details }),
});
const completed = (given) => named(given, 'completed', { manifest: noOpManifest(given.objects) });

function expectRecorded({ message, refused }) {
  if (message !== 'recorded') throw new Error(`${refused}: ${message}`);
}

/** Each turn says that the tasks of the last one are done, that the outputs of those before are visible, and how many are wanted. */
async function takeTurns(worker) {
  let held = [];
  let accepted = [];
  for (let number = 1; published < wanted; number += 1) {
    const reports = [...accepted.map((given) => named(given, 'published')), ...held.map(completed)];
    if (reports.length === 0 && number > 1) return;
    const request_id = `${worker}-${number}`;
    const answer = await ask('POST', `/turn/${worker}`, { reports, max: each, request_id });
    answer.verdicts.forEach(expectRecorded);
    published += accepted.length;
    accepted = held;
    held = answer.assignments;
  }
}

/** As the original protocol has it: one request for each step of each task. */
async function goOneByOne(worker) {
  while (worked < wanted) {
    const { assignment } = await ask('GET', `/assignment/${worker}?max=1`);
    if (!assignment) return;
    worked += 1;
    const { assignment_id, fence } = assignment;
    await ask('POST', `/ack/${worker}`, { assignment_id, fence });
    expectRecorded(await ask('POST', `/status/${worker}`, completed(assignment)));
    expectRecorded(await ask('POST', `/status/${worker}`, named(assignment, 'published')));
    published += 1;
  }
}

const registered = await Promise.all(
  Array.from({ length: Number(workers) }, (_, index) =>
    ask('POST', '/register', { hostname: `light-${index}`, plugin: 'noop', slots: each, protocol: 1 }),
  ),
);
const begun = performance.now();
await Promise.all(registered.map(({ worker_id }) => (way === 'turns' ? takeTurns : goOneByOne)(worker_id)));
const seconds = (performance.now() - begun) / 1000;
process.stdout.write(`${JSON.stringify({ published, seconds })}\n`);
process.exit(0);
