/** Whether spans are recorded, and of how many tasks. */
import type { Settings } from './settings.js';

export interface TraceSettings {
  isOn: boolean;
  /** Of all tasks, 0 to 1. */
  share: number;
}

/** Who names a collector wants traces, unless they say otherwise. @throws LongshoreError `invalid-configuration` */
export function traceSettings(settings: Settings): TraceSettings {
  const collectors = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  const isNamed = collectors.some((name) => settings.text(name, '') !== '');
  const fallback = isNamed ? 'true' : 'false';
  return {
    isOn: settings.choice('LONGSHORE_TRACES', fallback, ['true', 'false']) === 'true',
    share: settings.number('LONGSHORE_TRACES_SHARE', 1, { min: 0, max: 1 }),
  };
}
