/** The command that submits a job like this, and the file that goes with it where options do not say everything. */
import type { CreateJobRequest } from '@longshore/core/protocol';
import { Command } from '../design/command.js';
import { Stranger } from '../design/stranger.js';
import { jobFile, submitLine } from '../words/submit-line.js';

export function SubmitCommand({ job }: { job: CreateJobRequest }) {
  const file = jobFile(job);
  return (
    <>
      <Command line={submitLine(job)} />
      {file !== undefined && (
        <figure className="job-file">
          <figcaption className="small faint">with this in the file job.yaml:</figcaption>
          <pre>
            <Stranger text={file} keep={'\n'} mono />
          </pre>
        </figure>
      )}
    </>
  );
}
