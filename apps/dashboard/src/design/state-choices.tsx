/** Which state a list is narrowed to; the choice stands in the address. */
import type { ReactNode } from 'react';
import { useChoice } from './pages.js';

interface StateChoicesProps<S extends string> {
  states: readonly S[];
  label: (state: S) => ReactNode;
}

export function StateChoices<S extends string>({ states, label }: StateChoicesProps<S>) {
  const [chosen, choose] = useChoice('state');
  return (
    <div className="toolbar">
      <div className="choices" role="group" aria-label="State">
        {[undefined, ...states].map((each) => (
          <button key={each ?? 'all'} type="button" aria-pressed={chosen === each} onClick={() => choose(each)}>
            {each === undefined ? 'all' : label(each)}
          </button>
        ))}
      </div>
    </div>
  );
}
