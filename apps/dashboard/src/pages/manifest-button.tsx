/** Saves the manifest of a job: a line for each object that is done. */
import { useId, useRef, useState } from 'react';
import { paths } from '../api/paths.js';
import { ask } from '../api/request.js';
import { Command } from '../design/command.js';
import { Fault } from '../design/says.js';
import { quoted } from '../words/shell.js';

export function ManifestButton({ id }: { id: string }) {
  const title = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [state, setState] = useState<'asked' | 'saving' | 'saved'>('asked');
  const [fault, setFault] = useState<unknown>();
  const name = `manifest-${id}.jsonl`;

  async function save(): Promise<void> {
    setFault(undefined);
    try {
      setState('saving');
      await saveAs(name, await ask(paths.jobManifest(id), { headers: { accept: 'application/jsonl' } }));
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
        className="button"
        onClick={() => {
          setState('asked');
          setFault(undefined);
          dialog.current?.showModal();
        }}
      >
        Manifest
      </button>
      <dialog ref={dialog} aria-labelledby={title}>
        <form
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault();
            if (state === 'saved') dialog.current?.close();
            else void save();
          }}
        >
          <h2 id={title}>Save the manifest</h2>
          <p>
            A line of JSON for each object that is done: its outputs with checksums, and what made them. For a job of
            very many objects the terminal is the better place.
          </p>
          <Command line={`longshore manifest ${quoted(id)} > manifest.jsonl`} />
          {fault !== undefined && <Fault error={fault} />}
          {state === 'saved' && <p role="status">It is saved as {name}.</p>}
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
