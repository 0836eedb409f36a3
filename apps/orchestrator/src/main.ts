/** The orchestrator process. */
import 'reflect-metadata';
import { endProcess, forgetSecrets, startProcess, tellParent } from '@longshore/adapters/settings';
import type { LongshoreError } from '@longshore/core';
import { compose } from './compose.js';
import { OrchestratorConfig } from './configuration/orchestrator-config.js';
import { OwnProcess } from './own-process.js';
import { serve } from './serve.js';

const name = 'longshore orchestrator';

await startProcess(name, async () => {
  const config = new OrchestratorConfig(process.env);
  forgetSecrets(process.env);
  const onFatal = (error: LongshoreError) => void endProcess(name, error);
  const over = Promise.withResolvers<void>();
  const orchestrator = await serve(await compose(config, new OwnProcess(over.resolve, onFatal)));
  tellParent({ type: 'ready', url: orchestrator.url });
  process.stdout.write(`Longshore serves at ${orchestrator.url}\n`);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= orchestrator.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  await over.promise.then(stop);
});
