/** What was submitted, and where the results are. */
import type { JobAnswer } from '@longshore/core/protocol';
import { Card, Facts } from '../design/page.js';
import { Command } from '../design/command.js';
import { Stranger } from '../design/stranger.js';
import { Ago } from '../design/time.js';
import { bytes, duration, whole } from '../words/quantities.js';
import { commandLine } from '../words/shell.js';
import { SubmitCommand } from './submit-command.js';

export function JobFacts({ job }: { job: JobAnswer }) {
  const { policy, batching } = job;
  const patterns = (list: string[]) => (list.length === 0 ? undefined : <Stranger text={list.join('  ')} mono />);
  return (
    <div className="columns even">
      <Card title="Submitted">
        <Facts
          facts={[
            ['Plugin', <Stranger key="p" text={`${job.plugin} ${job.plugin_version}`} />],
            ['Input', <Stranger key="i" text={job.input} mono />],
            ['Results', <Stranger key="o" text={job.output} mono />],
            ...Object.entries(job.params).map(([name, value]): [string, React.ReactNode] => [
              name,
              <Stranger key={name} text={typeof value === 'string' ? value : JSON.stringify(value)} mono />,
            ]),
            ['Include', patterns(job.include)],
            ['Exclude', patterns(job.exclude)],
            ['Created', <Ago key="c" at={job.created_at} />],
            ['Started', job.started_at && <Ago at={job.started_at} />],
            ['Ended', job.ended_at && <Ago at={job.ended_at} />],
          ]}
        />
      </Card>
      <Card title="Rules">
        <div className="stack">
          <Facts
            facts={[
              [
                'Tasks',
                `${batching.targetSeconds === undefined ? '' : `about ${duration(batching.targetSeconds)}, `}up to ${whole(batching.maxObjects)} objects${batching.maxBytes === undefined ? '' : `, ${bytes(batching.maxBytes)}`}`,
              ],
              ['Attempts', `${whole(policy.maxAttempts)}, and ${whole(policy.maxLosses)} losses`],
              ['Time limit', `${duration(policy.timeoutSeconds)} for one command`],
              ['Retry delay', `${duration(policy.retryDelaySeconds)}, growing`],
              [
                'Tolerates',
                typeof policy.toleratedDead === 'number'
                  ? `${whole(policy.toleratedDead)} dead objects`
                  : `${policy.toleratedDead} of the objects dead`,
              ],
              ['Listed', `${whole(job.objects_listed)} objects, ${whole(job.objects_skipped)} left out by patterns`],
            ]}
          />
          <p className="small faint">The same job again, and how it goes, from a terminal:</p>
          <SubmitCommand job={job} />
          <Command line={commandLine('explain', job.id)} />
        </div>
      </Card>
    </div>
  );
}
