/** Text of strangers, such as keys, logs and names of workers: only ever text, and what nobody would see in it is shown. */
import { textParts } from '../words/unseen.js';

export function Stranger({ text, keep = '', mono = false }: { text: string; keep?: string; mono?: boolean }) {
  const parts = textParts(text, keep);
  return (
    <bdi className={mono ? 'stranger mono' : 'stranger'}>
      {parts.map((part, at) =>
        part.code === undefined ? (
          part.text
        ) : (
          <span className="code" key={at} title="An unseen character">
            {part.code}
          </span>
        ),
      )}
    </bdi>
  );
}

/** What a container printed. Colours for terminals are left out; every other unseen character is shown. */
export function Log({ text, label }: { text: string; label: string }) {
  const shown = text.replace(/\p{Cc}\[[\d;]*m/gu, '').replaceAll('\r\n', '\n');
  return (
    <pre className="log" tabIndex={0} role="region" aria-label={label}>
      <Stranger text={shown.replace(/\n$/, '')} keep={'\n\t'} />
    </pre>
  );
}

/** An id, short; the whole of it on demand. */
export function Id({ id }: { id: string }) {
  return (
    <span className="mono nowrap" title={id}>
      {shortId(id)}
    </span>
  );
}

/** Ids begin with their time: the end is what tells them apart. */
export function shortId(id: string): string {
  return id.length > 14 ? `…${id.slice(-8)}` : id;
}
