/** Sends an example by every channel, and shows what each answered. */
import type { TestNotificationAnswer } from '@longshore/core/protocol';
import { useState } from 'react';
import { paths } from '../api/paths.js';
import { Action } from '../design/action.js';
import { Field } from '../design/field.js';
import { Card } from '../design/page.js';
import { Nothing } from '../design/says.js';
import { Stranger } from '../design/stranger.js';
import { Table } from '../design/table.js';
import { commandLine } from '../words/shell.js';
import { toldEvents, triedOut } from '../words/tried-out.js';

export function TryOut({ onDone }: { onDone: (tried: TestNotificationAnswer) => void }) {
  const [event, setEvent] = useState<string>('job-completed');
  return (
    <Action<TestNotificationAnswer>
      name="Send an example"
      path={paths.notificationTest()}
      body={{ event }}
      command={commandLine('notify', 'test', '--event', event)}
      result={triedOut}
      onDone={onDone}
    >
      <p>It goes out by every channel at once, and says that it is an example.</p>
      <Field
        label="Event"
        hint="A channel that was given up is used again once it has taken one."
        kind="choice"
        choices={toldEvents}
        value={event}
        onChange={setEvent}
      />
    </Action>
  );
}

export function ChannelAnswers({ tried: { event, channels } }: { tried: TestNotificationAnswer }) {
  return (
    <Card title={`What each channel answered to ${event}`} flush>
      {channels.length === 0 ? (
        <Nothing title="There is no channel" />
      ) : (
        <Table
          head={
            <>
              <th>Channel</th>
              <th>Told of this event</th>
              <th className="grow">Answer</th>
            </>
          }
        >
          {channels.map(({ channel, wanted, sent, reason = '' }) => (
            <tr key={channel}>
              <td>
                <span className="name">
                  <Stranger text={channel} />
                </span>
              </td>
              <td data-name="Told of it">{wanted ? 'yes' : 'no'}</td>
              <td className="grow" data-name="Answer">
                {sent ? (
                  'took it'
                ) : (
                  <span className="bad-text">
                    <Stranger text={reason} />
                  </span>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
