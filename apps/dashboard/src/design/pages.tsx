/** Pages of a list, by the cursor that each names for the next; nothing asks for a whole list. */
import { Link, useSearchParams } from 'wouter';

/** What the address says after its question mark. */
export function useChoice(name: string): [string | undefined, (value: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const value = params.get(name) ?? undefined;
  return [
    value === '' ? undefined : value,
    (next) =>
      setParams(
        (before) => {
          const changed = new URLSearchParams(before);
          if (next === undefined || next === '') changed.delete(name);
          else changed.set(name, next);
          // Another choice begins at its first page.
          changed.delete('after');
          return changed;
        },
        { replace: true },
      ),
  ];
}

export function Pager({ next, count }: { next: string | undefined; count?: string }) {
  const [params] = useSearchParams();
  const after = params.get('after');
  if (next === undefined && after === null && count === undefined) return undefined;
  const at = (cursor: string | undefined) => {
    const changed = new URLSearchParams(params);
    if (cursor === undefined) changed.delete('after');
    else changed.set('after', cursor);
    return `?${changed.toString()}`;
  };
  return (
    <nav className="pager" aria-label="Pages">
      {count !== undefined && <span className="small faint">{count}</span>}
      {after !== null && (
        <Link className="button tight" href={at(undefined)}>
          First page
        </Link>
      )}
      {next !== undefined && (
        <Link className="button tight" href={at(next)}>
          Next page
        </Link>
      )}
    </nav>
  );
}
