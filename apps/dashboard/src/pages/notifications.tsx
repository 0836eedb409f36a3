/** What people were told and will be, by each channel, newest first; an example by all of them. For admins: reasons name receivers. */
import type { NotificationAnswer, PageAnswer, TestNotificationAnswer } from '@longshore/core/protocol';
import { useState } from 'react';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Listed } from '../design/listed.js';
import { State } from '../design/marks.js';
import { useTitle } from '../design/page.js';
import { useChoice } from '../design/pages.js';
import { Nothing } from '../design/says.js';
import { StateChoices } from '../design/state-choices.js';
import { shortId, Stranger } from '../design/stranger.js';
import { Table } from '../design/table.js';
import { Ago } from '../design/time.js';
import { whole } from '../words/quantities.js';
import { commandLine } from '../words/shell.js';
import { noticeStates } from '../words/states.js';
import { ChannelAnswers, TryOut } from './try-out.js';

/** No event tells that something was sent. */
const sendingMs = 5_000;

export function Notifications() {
  useTitle('Notifications');
  const [tried, setTried] = useState<TestNotificationAnswer>();
  const [state] = useChoice('state');
  const [after] = useChoice('after');
  const notices = useAnswer<PageAnswer<NotificationAnswer>>(
    paths.notifications({ after, ...(state !== undefined && { state }) }),
    { everyMs: sendingMs, keep: true },
  );
  return (
    <>
      <div className="page-head">
        <h1>Notifications</h1>
        <TryOut onDone={setTried} />
      </div>
      {tried && <ChannelAnswers tried={tried} />}
      <StateChoices states={noticeStates} label={(each) => each.replace('-', ' ')} />
      <div className="card">
        <Listed
          answer={notices}
          lines={6}
          nothing={
            state === undefined ? (
              <Nothing title="Nobody was told anything yet" command={commandLine('notify', 'preview')}>
                When a job ends, is paused by a fault or waits for workers, it stands here. How that reads:
              </Nothing>
            ) : (
              <Nothing title={`Nothing is ${state.replace('-', ' ')}`} />
            )
          }
        >
          {(items) => <NoticeTable notices={items} />}
        </Listed>
      </div>
    </>
  );
}

function NoticeTable({ notices }: { notices: readonly NotificationAnswer[] }) {
  return (
    <Table
      head={
        <>
          <th>State</th>
          <th>Event</th>
          <th className="grow">Channel</th>
          <th className="number">Tries</th>
          <th className="number">Happened</th>
          <th className="number">Next try, or end</th>
        </>
      }
    >
      {notices.map((notice) => (
        <Row key={notice.id} notice={notice} />
      ))}
    </Table>
  );
}

/** What the last column is, where rows are cards. */
const thenNames: Record<NotificationAnswer['state'], string> = {
  waiting: 'Next try',
  sent: 'Sent',
  'given-up': 'Given up',
};

function Row({ notice }: { notice: NotificationAnswer }) {
  const { state, event, job_id: job, channel, reason, attempts } = notice;
  const then = notice.settled_at ?? notice.next_try_at;
  return (
    <tr>
      <td>
        <State of={state} />
      </td>
      <td>
        <span className="name mono">{event}</span>
        {job !== undefined && (
          <span className="second">
            <Link href={`/jobs/${encodeURIComponent(job)}`}>
              Job <span className="mono">{shortId(job)}</span>
            </Link>
          </span>
        )}
      </td>
      <td className="grow">
        <Stranger text={channel} />
        {reason !== undefined && (
          <span className="second">
            <Stranger text={reason} />
          </span>
        )}
      </td>
      <td className="number" data-name="Tries">
        {whole(attempts)}
      </td>
      <td className="number" data-name="Happened">
        <Ago at={notice.happened_at} />
      </td>
      <td className="number" data-name={thenNames[state]}>
        {then === undefined ? 'now' : <Ago at={then} />}
      </td>
    </tr>
  );
}
