/** The foot of the page, where it is said what came of an action. */
import { say, useSaid } from '../live/said.js';

export function Foot() {
  const said = useSaid();
  return (
    <div className="foot" role="status">
      {said !== undefined && (
        <p>
          {said}
          <button type="button" className="button quiet tight" onClick={() => say(undefined)}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}
