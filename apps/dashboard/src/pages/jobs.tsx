/** All jobs, newest first: how far each is, how fast, and how long it still takes. */
import type { JobPageAnswer, JobSummary } from '@longshore/core/protocol';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Listed } from '../design/listed.js';
import { Progress, State } from '../design/marks.js';
import { useTitle } from '../design/page.js';
import { useChoice } from '../design/pages.js';
import { Nothing } from '../design/says.js';
import { shortId, Stranger } from '../design/stranger.js';
import { Table } from '../design/table.js';
import { Ago, Lasting } from '../design/time.js';
import { useNow } from '../live/now.js';
import { isOver, meanRate, secondsLeft, totalOf } from '../words/progress.js';
import { counted, duration, percent, rate, whole } from '../words/quantities.js';
import { commandLine } from '../words/shell.js';
import { jobStates } from '../words/states.js';

export function Jobs() {
  useTitle('Jobs');
  const [search, setSearch] = useChoice('search');
  const [state, setState] = useChoice('state');
  const [after] = useChoice('after');
  const choice = { ...(search !== undefined && { search }), ...(state !== undefined && { state }) };
  const jobs = useAnswer<JobPageAnswer>(paths.jobs({ ...choice, after }), { keep: true });
  const isNarrowed = search !== undefined || state !== undefined;

  return (
    <>
      <h1>Jobs</h1>
      <div className="toolbar">
        <SearchBox value={search} onChange={setSearch} />
        <div className="choices" role="group" aria-label="State">
          {[undefined, ...jobStates].map((each) => (
            <button key={each ?? 'all'} type="button" aria-pressed={state === each} onClick={() => setState(each)}>
              {each ?? 'all'}
            </button>
          ))}
        </div>
      </div>
      <div className="card">
        <Listed
          answer={jobs}
          lines={8}
          nothing={
            isNarrowed ? (
              <Nothing title="No job is like that">Choose another state, or search for less.</Nothing>
            ) : (
              <Nothing
                title="No job was submitted yet"
                command={commandLine(
                  'submit',
                  '--plugin',
                  'echo',
                  '--input',
                  'examples/texts',
                  '--output',
                  '/tmp/copies',
                )}
              >
                <Link href="/submit">Submit one here</Link>, or from a terminal:
              </Nothing>
            )
          }
          count={({ total }) => counted(total, 'job')}
        >
          {(items) => <JobTable jobs={items} />}
        </Listed>
      </div>
    </>
  );
}

function SearchBox({ value, onChange }: { value: string | undefined; onChange: (value: string | undefined) => void }) {
  const [text, setText] = useState(value ?? '');
  useEffect(() => {
    const wanted = text.trim() === '' ? undefined : text.trim();
    if (wanted === value) return undefined;
    const timer = setTimeout(() => onChange(wanted), 250);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <input
      className="input"
      type="search"
      aria-label="Search jobs"
      placeholder="Search id, plugin, input or output"
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function JobTable({ jobs }: { jobs: readonly JobSummary[] }) {
  return (
    <Table
      head={
        <>
          <th>State</th>
          <th>Job</th>
          <th className="grow">Progress</th>
          <th className="number">Speed</th>
          <th className="number">Time left</th>
          <th className="number">Started</th>
        </>
      }
    >
      {jobs.map((job) => (
        <Row key={job.id} job={job} />
      ))}
    </Table>
  );
}

function Row({ job }: { job: JobSummary }) {
  const now = useNow();
  const total = totalOf(job);
  const { completed, dead } = job.objects;
  const speed = meanRate(job, now);
  const left = secondsLeft(job, now);
  return (
    <tr className="way">
      <td>
        <State of={job.state} />
      </td>
      <td>
        <span className="name">
          <Link href={`/jobs/${encodeURIComponent(job.id)}`}>
            <Stranger text={job.plugin} /> <span className="mono">{shortId(job.id)}</span>
          </Link>
        </span>
        <span className="second">
          <Stranger text={job.input} />
        </span>
      </td>
      <td className="grow">
        <Progress job={job} />
        <span className="small soft">
          {whole(completed)} of {whole(total)}
          {job.scan === 'done'
            ? ` · ${percent(completed, total)}`
            : isOver(job)
              ? ', not listed to the end'
              : ' so far, listing goes on'}
          {dead > 0 && <span className="bad-text"> · {whole(dead)} dead</span>}
        </span>
      </td>
      <td className="number" data-name="Speed">
        {speed === undefined ? '–' : rate(speed)}
      </td>
      <td className="number" data-name={isOver(job) ? 'Took' : 'Time left'}>
        {left !== undefined ? duration(Math.round(left)) : <Took job={job} />}
      </td>
      <td className="number" data-name="Started">
        <Ago at={job.started_at ?? job.created_at} />
      </td>
    </tr>
  );
}

function Took({ job }: { job: JobSummary }) {
  if (!isOver(job) || job.started_at === undefined || job.ended_at === undefined) return '–';
  return (
    <span className="faint">
      <span className="wide-only">took </span>
      <Lasting from={job.started_at} to={job.ended_at} />
    </span>
  );
}
