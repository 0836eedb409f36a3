/** The dead letters of one job: causes first, then each letter. */
import type { FailureGroupAnswer, JobAnswer, PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Listed } from '../design/listed.js';
import { Card } from '../design/page.js';
import { useChoice } from '../design/pages.js';
import { Nothing, Shown } from '../design/says.js';
import { Command } from '../design/command.js';
import { counted } from '../words/quantities.js';
import { commandLine } from '../words/shell.js';
import { FailureGroups, LetterTable } from './failure-groups.js';

export function JobDead({ job }: { job: JobAnswer }) {
  const [after] = useChoice('after');
  const groups = useAnswer<PageAnswer<FailureGroupAnswer>>(paths.failures(job.id));
  const letters = useAnswer<PageAnswer<TaskAnswer>>(paths.deadLetters(job.id, { after }), { keep: true });
  return (
    <>
      <Card title="By cause" flush>
        <Shown answer={groups} lines={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Nothing title="Nothing failed">No attempt of this job has failed so far.</Nothing>
            ) : (
              <FailureGroups job={job} groups={items} />
            )
          }
        </Shown>
      </Card>
      <Card
        title="Each dead letter"
        aside={<span className="small faint">{counted(job.failed_tasks, 'task')}</span>}
        flush
      >
        <Listed
          answer={letters}
          lines={3}
          nothing={
            <Nothing title="No dead letters">
              What runs out of attempts is kept here, with its reason and last lines.
            </Nothing>
          }
        >
          {(items) => (
            <div className="body-of-letters">
              <LetterTable job={job} letters={items} />
            </div>
          )}
        </Listed>
      </Card>
      <Command line={commandLine('dead', job.id)} />
    </>
  );
}
