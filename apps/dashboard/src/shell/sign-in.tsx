/** What is shown while the orchestrator wants a token. */
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ask } from '../api/request.js';
import { session } from '../api/session.js';
import { Command } from '../design/command.js';
import { useTitle } from '../design/page.js';
import { Fault } from '../design/says.js';

export function SignIn() {
  useTitle('Sign in');
  const id = useId();
  const client = useQueryClient();
  const [token, setToken] = useState('');
  const [fault, setFault] = useState<unknown>();
  const [isAsking, setAsking] = useState(false);

  async function signIn(): Promise<void> {
    setAsking(true);
    setFault(undefined);
    try {
      await ask('/jobs?limit=1', { headers: { authorization: `Bearer ${token.trim()}` } });
      client.clear();
      session.signIn(token.trim());
    } catch (thrown) {
      setFault(thrown);
      setAsking(false);
    }
  }

  return (
    <div className="sign-in">
      <section className="card stack loose" aria-labelledby={`${id}-title`}>
        <div className="stack">
          <h1 id={`${id}-title`}>Sign in</h1>
          <p className="soft">This orchestrator lets in those who show a token.</p>
        </div>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void signIn();
          }}
        >
          <div className="field">
            <label htmlFor={id}>Token</label>
            <input
              id={id}
              className="input path"
              type="password"
              autoComplete="off"
              spellCheck={false}
              required
              autoFocus
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
            <span className="hint">It is kept in this tab alone, and forgotten when you close it.</span>
          </div>
          {fault !== undefined && <Fault error={fault} />}
          <button type="submit" className="button main" disabled={isAsking || token.trim() === ''}>
            {isAsking ? 'Asking …' : 'Sign in'}
          </button>
        </form>
        <div className="stack">
          <p className="small faint">An admin makes a token that may look, or one that may also submit:</p>
          <Command line="longshore token create --role read" />
        </div>
      </section>
    </div>
  );
}
