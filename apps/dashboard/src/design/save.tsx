/** A button that saves a file of the orchestrator, after saying what it is and which command does the same. */
import { useId, useRef, useState, type ReactNode } from 'react';
import { ask } from '../api/request.js';
import { Command } from './command.js';
import { Fault } from './says.js';
import { Stranger } from './stranger.js';

interface SaveProps {
  /** On the button, and on top of the dialog. */
  label: string;
  title: string;
  /** Of the file, as it is saved. */
  name: string;
  path: string;
  media: string;
  command: string;
  /** Looks like a part of a row. */
  tight?: boolean;
  children: ReactNode;
}

export function Save({ label, title, name, path, media, command, tight = false, children }: SaveProps) {
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [state, setState] = useState<'asked' | 'saving' | 'saved'>('asked');
  const [fault, setFault] = useState<unknown>();

  async function save(): Promise<void> {
    setFault(undefined);
    try {
      setState('saving');
      await saveAs(name, await ask(path, { headers: { accept: media } }));
      setState('saved');
    } catch (thrown) {
      setState('asked');
      setFault(thrown);
    }
  }

  return (
    <>
      <button
        type="button"
        className={tight ? 'button tight' : 'button'}
        onClick={() => {
          setState('asked');
          setFault(undefined);
          dialog.current?.showModal();
        }}
      >
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={heading}>
        <form
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault();
            if (state === 'saved') dialog.current?.close();
            else void save();
          }}
        >
          <h2 id={heading}>{title}</h2>
          {children}
          <Command line={command} />
          {fault !== undefined && <Fault error={fault} />}
          {state === 'saved' && (
            <p role="status">
              It is saved as <Stranger text={name} />.
            </p>
          )}
          <div className="buttons">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {state === 'saved' ? 'Close' : 'Leave it'}
            </button>
            {state !== 'saved' && (
              <button type="submit" className="button main" disabled={state === 'saving'}>
                {state === 'saving' ? 'Saving …' : 'Save'}
              </button>
            )}
          </div>
        </form>
      </dialog>
    </>
  );
}

/** A link of the page could show no token, so the answer is fetched and handed over as a file. */
async function saveAs(name: string, response: Response): Promise<void> {
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
