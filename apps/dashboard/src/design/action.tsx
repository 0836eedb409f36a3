/** A button that changes something: says what will happen, which command does the same, and what came of it. */
import { useId, useRef, useState, type ReactNode } from 'react';
import { useAction } from '../api/queries.js';
import { newKey } from '../api/request.js';
import { say } from '../live/said.js';
import { Command } from './command.js';
import { Fault } from './says.js';

interface ActionProps<T> {
  name: string;
  /** What it says on the button; the name, where nothing else. */
  label?: string;
  /** What will happen, in a sentence or two. */
  children: ReactNode;
  path: string;
  body?: unknown;
  command: string;
  tone?: 'main' | 'danger' | 'plain';
  tight?: boolean;
  disabled?: boolean;
  /** What came of it, in words. */
  result: (answer: T) => string;
  /** For what the page shows of it beside. */
  onDone?: (answer: T) => void;
}

export function Action<T>(props: ActionProps<T>) {
  const {
    name,
    label = name,
    children,
    path,
    body = {},
    command,
    tone = 'plain',
    tight,
    disabled,
    result,
    onDone,
  } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [key, setKey] = useState('');
  const close = () => dialog.current?.close();
  const action = useAction<T>(path, (answer) => {
    close();
    say(result(answer));
    onDone?.(answer);
  });
  const open = () => {
    // One key for one intention, so that a second press after a lost answer does nothing twice.
    setKey(newKey());
    action.reset();
    dialog.current?.showModal();
  };

  return (
    <>
      <button type="button" className={classes(tone, tight)} disabled={disabled} onClick={open}>
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={title}>
        <form
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault();
            action.mutate({ body, key });
          }}
        >
          <h2 id={title}>{name}</h2>
          <div className="stack">{children}</div>
          <div className="stack">
            <p className="small faint">The same from a terminal:</p>
            <Command line={command} />
          </div>
          {action.error && <Fault error={action.error} />}
          <div className="buttons">
            <button type="button" className="button" onClick={close}>
              Leave it
            </button>
            <button
              type="submit"
              className={classes(tone === 'plain' ? 'main' : tone, false)}
              disabled={action.isPending}
            >
              {action.isPending ? 'Working …' : name}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}

function classes(tone: 'main' | 'danger' | 'plain', tight: boolean | undefined): string {
  return ['button', tone === 'plain' ? '' : tone, tight ? 'tight' : ''].filter(Boolean).join(' ');
}
