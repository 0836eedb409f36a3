/** All workers: state, slots, what each holds, and how its machine is. */
import type { PageAnswer, WorkerSummary } from '@longshore/core/protocol';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Listed } from '../design/listed.js';
import { State, Use } from '../design/marks.js';
import { useTitle } from '../design/page.js';
import { useChoice } from '../design/pages.js';
import { Nothing } from '../design/says.js';
import { StateChoices } from '../design/state-choices.js';
import { shortId, Stranger } from '../design/stranger.js';
import { Table } from '../design/table.js';
import { Since } from '../design/time.js';
import { bytes, counted, percent, whole } from '../words/quantities.js';
import { commandLine } from '../words/shell.js';
import { workerStates } from '../words/states.js';

/** Heartbeats bring cpu and memory, and no event tells of them. */
export const beatMs = 5_000;

export function Workers() {
  useTitle('Workers');
  const [state] = useChoice('state');
  const [after] = useChoice('after');
  const workers = useAnswer<PageAnswer<WorkerSummary>>(
    paths.workers({ after, ...(state !== undefined && { state }) }),
    {
      everyMs: beatMs,
      keep: true,
    },
  );
  return (
    <>
      <h1>Workers</h1>
      <StateChoices states={workerStates} label={(each) => each.replace('-', ' ')} />
      <div className="card">
        <Listed
          answer={workers}
          lines={6}
          nothing={
            state === undefined ? (
              <Nothing
                title="No worker is here"
                command={commandLine('worker', '--plugin', 'rgo-segmentation', '--orchestrator', location.origin)}
              >
                Start as many as you like, on any machine that can reach this address:
              </Nothing>
            ) : (
              <Nothing title={`No worker is ${state.replace('-', ' ')}`} />
            )
          }
        >
          {(items) => <WorkerTable workers={items} saidAt={workers.dataUpdatedAt} />}
        </Listed>
      </div>
    </>
  );
}

function WorkerTable({ workers, saidAt }: { workers: readonly WorkerSummary[]; saidAt: number }) {
  return (
    <Table
      head={
        <>
          <th>State</th>
          <th>Worker</th>
          <th>Slots</th>
          <th className="number">Files held</th>
          <th>Processor</th>
          <th>Memory</th>
          <th className="number">Last heard of</th>
        </>
      }
    >
      {workers.map((worker) => (
        <Row key={worker.id} worker={worker} saidAt={saidAt} />
      ))}
    </Table>
  );
}

function Row({ worker, saidAt }: { worker: WorkerSummary; saidAt: number }) {
  const { stats, slots, held_tasks: held } = worker;
  return (
    <tr className="way">
      <td>
        <WorkerState worker={worker} />
      </td>
      <td>
        <span className="name">
          <Link href={`/workers/${encodeURIComponent(worker.id)}`}>
            <Stranger text={worker.hostname} /> <span className="mono">{shortId(worker.id)}</span>
          </Link>
        </span>
        <span className="second">
          <Stranger text={worker.plugin ?? 'any plugin'} />
          {worker.legacy && ' · without a token'}
        </span>
      </td>
      <td data-name="Slots">
        <span className="nowrap">
          {whole(held)} of {whole(slots)} busy
        </span>
        <Use part={held} of={slots} label="Slots" />
      </td>
      <td className="number" data-name="Files held">
        {whole(worker.held_objects)}
      </td>
      <td data-name="Processor">
        {stats?.cpu === undefined ? '–' : <Share part={stats.cpu} of={1} label="Processor" />}
      </td>
      <td data-name="Memory">
        {stats?.memory_bytes === undefined || stats.memory_total_bytes === undefined ? (
          '–'
        ) : (
          <Share
            part={stats.memory_bytes}
            of={stats.memory_total_bytes}
            label="Memory"
            said={bytes(stats.memory_bytes)}
          />
        )}
      </td>
      <td className="number" data-name="Last heard of">
        <Since seconds={worker.silent_seconds} saidAt={saidAt} /> ago
      </td>
    </tr>
  );
}

export function WorkerState({ worker: { state, draining } }: { worker: WorkerSummary }) {
  return <State of={draining && state !== 'shutting-down' ? 'draining' : state} />;
}

export function Share({ part, of, label, said }: { part: number; of: number; label: string; said?: string }) {
  return (
    <>
      <span className="nowrap">{said ?? percent(part, of)}</span>
      <Use part={part} of={of} label={label} />
    </>
  );
}

export function heldSaid(worker: WorkerSummary): string {
  return `${counted(worker.held_tasks, 'task')}, ${counted(worker.held_objects, 'file')}`;
}
