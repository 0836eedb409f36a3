/** An address that leads nowhere. */
import { Link } from 'wouter';
import { useTitle } from '../design/page.js';
import { Nothing } from '../design/says.js';

export function Nowhere() {
  useTitle('Not found');
  return (
    <>
      <h1>Not found</h1>
      <div className="card">
        <Nothing title="There is no page at this address">
          <Link href="/">Go to the jobs</Link>
        </Nothing>
      </div>
    </>
  );
}
