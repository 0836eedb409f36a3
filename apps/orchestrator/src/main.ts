/** The orchestrator process. */
import 'reflect-metadata';
import { ProcessLog } from '@longshore/adapters/logging';
import { endProcess, forgetSecrets, startProcess, tellParent } from '@longshore/adapters/settings';
import type { LongshoreError } from '@longshore/core';
import { Logger } from '@nestjs/common';
import { keepHeapClose } from './close-heap.js';
import { compose } from './compose.js';
import { OrchestratorConfig } from './configuration/orchestrator-config.js';
import { OwnProcess } from './own-process.js';
import { serve } from './serve.js';

const name = 'longshore orchestrator';

keepHeapClose();
await startProcess(name, async () => {
  const config = new OrchestratorConfig(process.env);
  forgetSecrets(process.env);
  const log = new ProcessLog({ process: 'orchestrator', ...config.log });
  Logger.overrideLogger(log);
  const onFatal = (error: LongshoreError) => void endProcess(name, error);
  const over = Promise.withResolvers<void>();
  const orchestrator = await serve(await compose(config, new OwnProcess(over.resolve, onFatal)), log);
  tellParent({ type: 'ready', url: orchestrator.url });
  log.log(`Longshore serves at ${orchestrator.url}`, { url: orchestrator.url });

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= orchestrator.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  await over.promise.then(stop);
});
