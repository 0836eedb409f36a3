// An orchestrator that does not wait for the disk: what it answers may be lost in a power cut. It shows that the test of the order can fail.
import 'reflect-metadata';
import { compose } from '../../apps/orchestrator/dist/compose.js';
import { OrchestratorConfig } from '../../apps/orchestrator/dist/configuration/orchestrator-config.js';
import { serve } from '../../apps/orchestrator/dist/serve.js';

const world = await compose(new OrchestratorConfig(process.env));
world.store.database.exec('PRAGMA synchronous = NORMAL');
const { url } = await serve(world, false);
process.stdout.write(`Longshore serves at ${url}\n`);
