/** The heartbeat thread: renews the leases whatever the main thread does, and stops containers in its place when it hangs. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '@longshore/core';
import { slotLabel, workerLabel } from '../slots/container-labels.js';
import { compose } from './compose.js';
import { LeaseKeeper, margin } from './lease-keeper.js';
import type { KeptLease, LeaseToKeep } from './lease-keeping.js';
import type { FromThread, ThreadStart, ToThread } from './thread-messages.js';

const start = workerData as ThreadStart;
const { identity, workerName } = start;
const { engine, address, ...tools } = compose(start);
const { clock } = tools;
const port = parentPort!;
const keeper = new LeaseKeeper(
  tools,
  identity,
  (line) => say({ type: 'warn', line }),
  () => say({ type: 'drain' }),
);
const kept = new Map<string, KeptLease>();
/** Slots by the assignment that their container works on. */
const running = new Map<string, number>();
const unnoticed = new Set<string>();
const mainHangsAfterMs = Math.max(2_000, identity.heartbeatMs * 2);
let heardFromMainAt = clock.now();
let reportedHang = false;

address.watch({
  missed: () => say({ type: 'missed', url: address.url ?? '' }),
  reached: () => say({ type: 'reached', url: address.url ?? '' }),
});
tools.client.credentials.onNew = (given) => say({ type: 'token', given });
keeper.start();
port.on('message', hear);
const pinging = setInterval(ping, identity.heartbeatMs);

function hear(message: ToThread): void {
  heardFromMainAt = clock.now();
  switch (message.type) {
    case 'keep':
      keep(message.lease, message.from);
      break;
    case 'release':
      kept.get(message.assignmentId)?.release();
      kept.delete(message.assignmentId);
      running.delete(message.assignmentId);
      break;
    case 'runs':
      if (message.slot === undefined) running.delete(message.assignmentId);
      else running.set(message.assignmentId, message.slot);
      break;
    case 'noticed':
      unnoticed.delete(message.assignmentId);
      break;
    case 'moved':
      address.move(message.url);
      break;
    case 'pong':
      break;
    case 'stop':
      clearInterval(pinging);
      void keeper.stop().finally(() => port.close());
  }
}

function keep(lease: LeaseToKeep, from: number): void {
  const keptLease = keeper.keep(lease, from);
  kept.set(lease.assignment_id, keptLease);
  const noticeLoss = () => void lose(lease, messageOf(keptLease.lost.reason));
  // A process that stood still between lease and message gives one to keep that is over already; nobody would tell of it any more.
  if (keptLease.lost.aborted) noticeLoss();
  else keptLease.lost.addEventListener('abort', noticeLoss);
}

async function lose(lease: LeaseToKeep, message: string): Promise<void> {
  const { assignment_id: assignmentId, lease_seconds } = lease;
  if (!kept.delete(assignmentId)) return;
  unnoticed.add(assignmentId);
  say({ type: 'lost', assignmentId, message: `${message}.` });
  await clock.sleep((lease_seconds * 1000 * margin) / 3);
  const slot = running.get(assignmentId);
  if (unnoticed.delete(assignmentId) && slot !== undefined) await stopContainers(lease.task_id, slot);
}

/** The main thread hangs and cannot stop the container; soon somebody else may work on the same task. */
async function stopContainers(task_id: string, slot: number): Promise<void> {
  try {
    const found = await engine.list(workerLabel);
    const mine = found.filter(({ labels }) => labels[workerLabel] === workerName && labels[slotLabel] === String(slot));
    await Promise.all(mine.map((container) => engine.remove(container)));
    cry(`The main thread hangs; the heartbeat thread has stopped the container of task ${task_id}`);
  } catch (thrown) {
    cry(`The container of task ${task_id} could not be stopped: ${messageOf(thrown)}`);
  }
}

function ping(): void {
  const silentMs = clock.now() - heardFromMainAt;
  if (silentMs < mainHangsAfterMs) reportedHang = false;
  else if (!reportedHang) {
    reportedHang = true;
    cry(`The main thread has not answered for ${Math.round(silentMs / 1000)} seconds; leases are renewed all the same`);
  }
  say({ type: 'ping' });
}

function say(message: FromThread): void {
  port.postMessage(message);
}

/** Written directly, because what this thread's console writes goes through the main thread. */
function cry(line: string): void {
  try {
    writeSync(2, `${line}.\n`);
  } catch {
    // Nobody reads it; the leases matter more.
  }
}
