/** The orchestrator process. */
import 'reflect-metadata';
import { forgetSecrets, startProcess, tellParent } from '@longshore/adapters/settings';
import { compose } from './compose.js';
import { OrchestratorConfig } from './configuration/orchestrator-config.js';
import { serve } from './serve.js';

await startProcess('longshore orchestrator', async () => {
  const config = new OrchestratorConfig(process.env);
  forgetSecrets(process.env);
  const orchestrator = await serve(await compose(config));
  tellParent({ type: 'ready', url: orchestrator.url });
  process.stdout.write(`Longshore serves at ${orchestrator.url}\n`);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= orchestrator.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
});
