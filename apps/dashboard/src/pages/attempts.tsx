/** The attempts of a task, newest first; the log of one is asked for when somebody wants to read it. */
import type { AttemptAnswer, TaskDetailAnswer } from '@longshore/core/protocol';
import { useState } from 'react';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { State } from '../design/marks.js';
import { Opener } from '../design/opener.js';
import { Card } from '../design/page.js';
import { Nothing, Shown } from '../design/says.js';
import { Id, Log, Stranger } from '../design/stranger.js';
import { Ago, Lasting } from '../design/time.js';
import { duration } from '../words/quantities.js';

export function Attempts({ task }: { task: TaskDetailAnswer }) {
  const attempts = [...task.attempts].sort((one, other) => other.number - one.number);
  const [newest] = attempts;
  return (
    <Card title="Attempts" flush>
      {newest ? (
        <ul className="groups">
          {attempts.map((attempt) => (
            <Attempt
              key={attempt.number}
              task={task.id}
              attempt={attempt}
              open={attempt === newest && attempt.outcome !== 'running'}
            />
          ))}
        </ul>
      ) : (
        <Nothing title="Nobody has tried it yet" />
      )}
    </Card>
  );
}

function Attempt({ task, attempt, open }: { task: string; attempt: AttemptAnswer; open: boolean }) {
  const [isOpen, setOpen] = useState(open);
  return (
    <li className="stack">
      <div className="group-head">
        <b>Attempt {attempt.number}</b>
        <State of={attempt.outcome} />
        <span className="small faint">
          worker <Id id={attempt.worker_id} /> · <Ago at={attempt.started_at} /> · for{' '}
          <Lasting from={attempt.started_at} to={attempt.ended_at} />
          {attempt.duration_ms !== undefined && ` · command ran ${duration(attempt.duration_ms / 1000)}`}
          {attempt.exit_code !== undefined && ` · exit code ${attempt.exit_code}`}
        </span>
        <div className="buttons">
          {attempt.outcome !== 'running' && <Opener isOpen={isOpen} setOpen={setOpen} what="log" />}
        </div>
      </div>
      {attempt.failure && (
        <p className="small">
          <code className="faint">{attempt.failure.code}</code> <Stranger text={attempt.failure.message} />
        </p>
      )}
      {isOpen && <AttemptLog task={task} number={attempt.number} />}
    </li>
  );
}

function AttemptLog({ task, number }: { task: string; number: number }) {
  const attempt = useAnswer<AttemptAnswer>(paths.attempt(task, number), { everyMs: 60_000 });
  return (
    <Shown answer={attempt} lines={3}>
      {({ log, failure }) => {
        const text = log ?? failure?.log ?? '';
        return text === '' ? (
          <p className="small faint">The container printed nothing.</p>
        ) : (
          <Log text={text} label={`Log of attempt ${number}`} />
        );
      }}
    </Shown>
  );
}
