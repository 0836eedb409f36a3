/** The command line that does the same, to be copied. */
import { useEffect, useId, useRef, useState } from 'react';

export function Command({ line }: { line: string }) {
  const [copied, setCopied] = useState(false);
  const text = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <div className="command">
      <code ref={text} id={id}>
        {line}
      </code>
      <button
        type="button"
        className="button quiet tight"
        aria-label="Copy the command"
        aria-describedby={id}
        onClick={() => void copy(line, text.current).then(setCopied)}
      >
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </button>
    </div>
  );
}

/** Pages that did not come over TLS or from this machine have no clipboard: the line is marked then, to be copied by hand. */
async function copy(line: string, element: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(line);
    return true;
  } catch {
    if (element) getSelection()?.selectAllChildren(element);
    return false;
  }
}
