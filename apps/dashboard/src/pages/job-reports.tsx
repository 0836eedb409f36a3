/** The report files that the plugin wrote when the job ended, to be saved. */
import type { JobAnswer, PageAnswer, ReportAnswer } from '@longshore/core/protocol';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Paged } from '../design/paged.js';
import { Save } from '../design/save.js';
import { Stranger } from '../design/stranger.js';
import { isOver } from '../words/progress.js';
import { bytes } from '../words/quantities.js';
import { fetchLine } from '../words/shell.js';

/** A card where there are any; most plugins write none. */
export function JobReports({ job }: { job: JobAnswer }) {
  const first = useAnswer<PageAnswer<ReportAnswer>>(paths.jobReports(job.id), { when: isOver(job) });
  if (!isOver(job) || (first.data?.items ?? []).length === 0) return undefined;
  return (
    <Paged<ReportAnswer>
      title="Reports"
      count="written by the plugin, beside the outputs"
      path={(after) => paths.jobReports(job.id, { after })}
      head={['File', 'Size', '']}
      row={(report) => <Report key={report.name} job={job} report={report} />}
    />
  );
}

function Report({ job, report: { name, size_bytes, sha256 } }: { job: JobAnswer; report: ReportAnswer }) {
  return (
    <tr>
      <td>
        <Stranger text={name} mono />
      </td>
      <td className="number" data-name="Size">
        {bytes(size_bytes)}
      </td>
      <td className="number">
        <Save
          label="Save"
          title="Save the report"
          name={name.slice(name.lastIndexOf('/') + 1)}
          path={paths.jobReport(job.id, name)}
          media="application/octet-stream"
          command={fetchLine(job.output, name)}
          tight
        >
          <p>
            <Stranger text={name} mono />, {bytes(size_bytes)}. Its SHA-256 is <code>{sha256}</code>
          </p>
        </Save>
      </td>
    </tr>
  );
}
