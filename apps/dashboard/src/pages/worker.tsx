/** One worker: its machine, what it holds with the time to each timeout, and how it is sent home. */
import type { HeldTaskAnswer, WorkerAnswer, WorkerSummary } from '@longshore/core/protocol';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Action } from '../design/action.js';
import { Card, Crumbs, Facts, Figures, useTitle } from '../design/page.js';
import { Nothing, Shown } from '../design/says.js';
import { Id, Stranger } from '../design/stranger.js';
import { Table } from '../design/table.js';
import { Ago, Left, Since } from '../design/time.js';
import { bytes, counted, percent, whole } from '../words/quantities.js';
import { commandLine } from '../words/shell.js';
import { beatMs, heldSaid, WorkerState } from './workers.js';

export function WorkerPage({ id }: { id: string }) {
  const answer = useAnswer<WorkerAnswer>(paths.worker(id), { everyMs: beatMs });
  useTitle(answer.data ? `Worker ${answer.data.hostname}` : 'Worker');
  const saidAt = answer.dataUpdatedAt;
  return (
    <Shown answer={answer}>
      {(worker) => (
        <>
          <Head worker={worker} />
          <Numbers worker={worker} saidAt={saidAt} />
          <Card title="What it holds" aside={<span className="small faint">{heldSaid(worker)}</span>} flush>
            {worker.held.length === 0 ? (
              <Nothing title="It holds nothing" />
            ) : (
              <Held held={worker.held} saidAt={saidAt} />
            )}
          </Card>
          <Machine worker={worker} />
        </>
      )}
    </Shown>
  );
}

function Head({ worker }: { worker: WorkerAnswer }) {
  return (
    <>
      <Crumbs way={[['Workers', '/workers']]} />
      <div className="page-head">
        <div className="title-row">
          <h1>
            <Stranger text={worker.hostname} /> <span className="mono faint">{worker.id}</span>
          </h1>
          <WorkerState worker={worker} />
        </div>
        {!worker.draining && worker.state !== 'shutting-down' && (
          <Action<WorkerSummary>
            name="Drain"
            path={`${paths.worker(worker.id)}/drain`}
            command={commandLine('drain', worker.id)}
            result={({ held_tasks: held }) => `It drains; ${counted(held, 'task')} left to finish.`}
          >
            <p>It finishes what it holds, takes no more, and ends. Nothing is lost.</p>
          </Action>
        )}
      </div>
    </>
  );
}

function Numbers({ worker, saidAt }: { worker: WorkerAnswer; saidAt: number }) {
  const { stats } = worker;
  const { memory_bytes: used, memory_total_bytes: total } = stats ?? {};
  return (
    <Figures
      figures={[
        ['Slots', `${whole(worker.held_tasks)} of ${whole(worker.slots)}`, 'busy'],
        ['Processor', stats?.cpu === undefined ? '–' : percent(stats.cpu, 1), 'of all cores'],
        ['Memory', used === undefined ? '–' : bytes(used), total === undefined ? 'in use' : `of ${bytes(total)}`],
        ['Disk', stats?.disk_free_bytes === undefined ? '–' : bytes(stats.disk_free_bytes), 'free for workspaces'],
        ['Last heard of', <Since key="s" seconds={worker.silent_seconds} saidAt={saidAt} />, 'ago'],
      ]}
    />
  );
}

function Held({ held, saidAt }: { held: readonly HeldTaskAnswer[]; saidAt: number }) {
  return (
    <Table
      head={
        <>
          <th>Task</th>
          <th className="grow">Files</th>
          <th className="number">Attempt</th>
          <th className="number">For</th>
          <th className="number">Lease ends in</th>
          <th className="number">Time limit in</th>
        </>
      }
    >
      {held.map((task) => (
        <tr key={task.task_id}>
          <td>
            <Link href={`/tasks/${encodeURIComponent(task.task_id)}`}>
              <Id id={task.task_id} />
            </Link>
            <span className="second">
              {task.state === 'accepted'
                ? 'being published'
                : task.acknowledged
                  ? 'being worked on'
                  : 'not acknowledged'}
            </span>
          </td>
          <td data-name="Files">
            <Files task={task} />
          </td>
          <td className="number" data-name="Attempt">
            {task.attempt}
          </td>
          <td className="number" data-name="For">
            <Since seconds={task.elapsed_seconds} saidAt={saidAt} />
          </td>
          <td className="number" data-name="Lease ends in">
            <Left seconds={task.lease_seconds_left} saidAt={saidAt} />
          </td>
          <td className="number" data-name="Time limit in">
            <Left seconds={task.timeout_seconds_left} saidAt={saidAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Files({ task }: { task: HeldTaskAnswer }) {
  const shown = task.file_names.slice(0, 5);
  const more = task.object_count - shown.length;
  return (
    <ul>
      {shown.map((name) => (
        <li key={name}>
          <Stranger text={name} mono />
        </li>
      ))}
      {more > 0 && <li className="faint">and {whole(more)} more</li>}
    </ul>
  );
}

function Machine({ worker }: { worker: WorkerAnswer }) {
  return (
    <Card title="Machine">
      <Facts
        facts={[
          ['Name', <Stranger key="n" text={worker.hostname} />],
          ['Plugin', <Stranger key="p" text={worker.plugin ?? 'any'} />],
          [
            'Capabilities',
            worker.capabilities.length === 0 ? undefined : <Stranger text={worker.capabilities.join(', ')} />,
          ],
          ['Registered', <Ago key="r" at={worker.registered_at} />],
          ['It says', worker.status_text && <Stranger text={worker.status_text} />],
          ['It left', worker.farewell && <Stranger text={worker.farewell} />],
          ['Came in', worker.legacy ? 'without a token, as workers of the original system do' : undefined],
          ...instanceFacts(worker),
        ]}
      />
    </Card>
  );
}

/** What it found out of its machine; the rest is known only in a cloud. */
function instanceFacts({ instance }: WorkerAnswer): [string, React.ReactNode][] {
  if (!instance) return [];
  const { id, type, zone, region, cpus, memory_bytes: memory, gpus, gpu } = instance;
  const told = (text: string | undefined) => text !== undefined && <Stranger text={text} />;
  const facts: [string, React.ReactNode][] = [
    ['Worker', told(instance.name)],
    ['Instance', told(id)],
    ['Type', told(type)],
    ['Zone', told(zone ?? region)],
    ['Cores', cpus !== undefined && whole(cpus)],
    ['Memory', memory !== undefined && bytes(memory)],
    ['GPUs', gpus !== undefined && gpus > 0 && <Stranger text={`${gpus} ${gpu ?? ''}`} />],
  ];
  return facts.filter(([, value]) => value !== false);
}
