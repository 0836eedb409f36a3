/** Where the dashboard begins. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { mayPass } from './api/problem.js';
import { App } from './shell/app.js';
import { applyTheme } from './shell/theme.js';
import './design/tokens.css';
import './design/base.css';
import './design/controls.css';
import './design/marks.css';
import './design/layout.css';
import './design/tables.css';
import './design/charts.css';

applyTheme();

const client = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 1_000, retry: (failures, error) => failures < 2 && mayPass(error), networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

const place = document.getElementById('root');
if (!place) throw new Error('The page has no place for the dashboard.');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
