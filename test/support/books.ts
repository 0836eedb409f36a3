/** What the orchestrator's records must say once a job has completed. */
import type { Cluster } from './cluster.js';
import { attemptsOf, tasksOf } from './tasks.js';

interface Invariants {
  invariants: { id: string; sentence: string; violations: string[] }[];
}

/** Every task completed, its attempts numbered from 1 to its fence, and every invariant; what is not so, a sentence each. */
export async function brokenBooks(cluster: Cluster, jobId: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, fence, state } of await tasksOf(cluster, jobId)) {
    const numbers = (await attemptsOf(cluster, id)).map((attempt) => attempt.number);
    if (numbers.length !== fence || numbers.some((number, index) => number !== index + 1))
      faults.push(`task ${id} has fence ${fence} and the attempts ${numbers.join(', ')}`);
    if (state !== 'completed' && state !== 'split') faults.push(`task ${id} is ${state}`);
  }
  const { invariants } = await cluster.get<Invariants>(`/api/v1/admin/invariants?job=${jobId}&exclusive=true`);
  return [...faults, ...invariants.flatMap(({ id, violations }) => violations.map((fault) => `${id}: ${fault}`))];
}
