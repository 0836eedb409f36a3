/** What a scrape says, read the way Prometheus does. */

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Scraped {
  samples: Sample[];
  /** What each family says of itself. */
  families: Map<string, { help: string; type: string }>;
  /** The sum of the samples of this name that have these labels. */
  value(name: string, labels?: Record<string, string>): number;
}

/** @throws Error for a line that Prometheus would refuse */
export function scraped(text: string): Scraped {
  const families = new Map<string, { help: string; type: string }>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) ?(.*)$/.exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      const family = families.get(name) ?? { help: '', type: '' };
      families.set(name, kind === 'HELP' ? { ...family, help: rest } : { ...family, type: rest });
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*)\})? (\S+)$/.exec(line);
    if (!sample) throw new Error(`This is no sample: ${line}`);
    const [, name = '', written = '', value] = sample;
    const labels = Object.fromEntries(
      [...written.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text]),
    ) as Record<string, string>;
    samples.push({ name, labels, value: Number(value?.replace('Inf', 'Infinity')) });
  }
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples
      .filter((one) => one.name === name && Object.entries(labels).every(([label, text]) => one.labels[label] === text))
      .reduce((sum, one) => sum + one.value, 0);
  return { samples, families, value };
}
