/** A page of a list, with the way to the next one. */
import type { PageAnswer } from '@longshore/core/protocol';
import type { ReactNode } from 'react';
import type { Answer } from '../api/queries.js';
import { Pager } from './pages.js';
import { Shown } from './says.js';

interface ListedProps<P extends PageAnswer<unknown>> {
  answer: Answer<P>;
  lines: number;
  /** Said where the list holds nothing. */
  nothing: ReactNode;
  count?: (page: P) => string;
  children: (items: P['items']) => ReactNode;
}

export function Listed<P extends PageAnswer<unknown>>({ answer, lines, nothing, count, children }: ListedProps<P>) {
  return (
    <Shown answer={answer} lines={lines}>
      {(page) =>
        page.items.length === 0 ? (
          nothing
        ) : (
          <>
            {children(page.items)}
            <Pager next={page.next} {...(count && { count: count(page) })} />
          </>
        )
      }
    </Shown>
  );
}
