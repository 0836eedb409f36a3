/** How much memory the two programs take when they have nothing to do. */
import { residentMegabytes } from '../programs/resident.mjs';
import { startOrchestrator } from '../programs/orchestrator.mjs';

export const suite = {
  name: 'memory',
  summary: 'resident memory of the orchestrator at rest',
  peers: [],
  async run(bench) {
    for (let round = 0; round < bench.runs; round += 1) {
      const program = await startOrchestrator(await bench.temporary());
      bench.defer(program.stop);
      await bench.measure('orchestrator at rest', 'resident memory', 'MB', () => residentMegabytes(program.pid));
      await program.stop();
    }
  },
};
