/** The page around all pages: the bar, what the address asks for, and the sign-in where that is needed. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { session } from '../api/session.js';
import { follow } from '../live/follow.js';
import { Analytics } from '../pages/analytics.js';
import { DeadLetters } from '../pages/dead-letters.js';
import { JobPage } from '../pages/job.js';
import { Jobs } from '../pages/jobs.js';
import { Notifications } from '../pages/notifications.js';
import { Nowhere } from '../pages/nowhere.js';
import { Submit } from '../pages/submit.js';
import { TaskPage } from '../pages/task.js';
import { WorkerPage } from '../pages/worker.js';
import { Workers } from '../pages/workers.js';
import { Foot } from './foot.js';
import { Mishap } from './mishap.js';
import { SignIn } from './sign-in.js';
import { Top } from './top.js';

export function App() {
  const isRefused = useSyncExternalStore(session.subscribe, () => session.isRefused);
  const token = useSyncExternalStore(session.subscribe, () => session.token);
  const client = useQueryClient();

  useEffect(() => {
    if (isRefused) return undefined;
    const stopping = new AbortController();
    void follow(client, stopping.signal);
    return () => stopping.abort();
  }, [client, isRefused, token]);

  if (isRefused) {
    return (
      <main>
        <SignIn />
      </main>
    );
  }
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <Top />
      <Main />
      <Foot />
    </>
  );
}

function Main() {
  const [at] = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(at);
  useEffect(() => {
    if (before.current === at) return;
    before.current = at;
    // Whoever goes by keyboard or hears the page begins at its top.
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [at]);

  return (
    <main id="main" ref={main} tabIndex={-1}>
      <Mishap key={at}>
        <Switch>
          <Route path="/" component={Jobs} />
          <Route path="/jobs" component={Jobs} />
          <Route path="/jobs/:id/:part?">{({ id, part }) => <JobPage key={id} id={id} part={part} />}</Route>
          <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} id={id} />}</Route>
          <Route path="/dead-letters" component={DeadLetters} />
          <Route path="/workers" component={Workers} />
          <Route path="/workers/:id">{({ id }) => <WorkerPage key={id} id={id} />}</Route>
          <Route path="/notifications" component={Notifications} />
          <Route path="/analytics" component={Analytics} />
          <Route path="/submit" component={Submit} />
          <Route component={Nowhere} />
        </Switch>
      </Mishap>
    </main>
  );
}
