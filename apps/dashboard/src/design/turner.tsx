/** Turns over a list that lies within a page; where it is open is not in the address. */

interface TurnerProps {
  /** The cursors of the pages that were turned, the present one last. */
  cursors: readonly string[];
  setCursors: (cursors: string[]) => void;
  next: string | undefined;
  className: 'pager' | 'buttons';
}

export function Turner({ cursors, setCursors, next, className }: TurnerProps) {
  if (next === undefined && cursors.length === 0) return undefined;
  return (
    <div className={className}>
      <button
        type="button"
        className="button tight"
        disabled={cursors.length === 0}
        onClick={() => setCursors(cursors.slice(0, -1))}
      >
        Before
      </button>
      <button
        type="button"
        className="button tight"
        disabled={next === undefined}
        onClick={() => next !== undefined && setCursors([...cursors, next])}
      >
        Next
      </button>
    </div>
  );
}
