/** Memory, processor and event loop of this process; they are one however many applications run in it. */
import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/** Measured from the first time somebody asks: who has no Prometheus pays nothing. */
export function processMetrics(): Registry {
  if (registry) return registry;
  registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges under the name of a counter, which Prometheus warns of; those without "total" in their name say the same by type.
  for (const kind of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  return registry;
}
