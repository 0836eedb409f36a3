/** A table in a box of its own, so that a narrow screen moves it alone. */
import type { ReactNode } from 'react';

/** @param head its cells */
export function Table({ head, children }: { head: ReactNode; children: ReactNode }) {
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
