import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { scraped, type Scraped } from '../testing/scraped.js';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../../../..', path), 'utf8');
const page = read('docs/observability.md');

interface Family {
  type: string;
  labels: string[];
}

/** What the page promises, by name. */
const documented = new Map(
  [...page.matchAll(/^\| `(longshore_\w+)` +\| (\w+) +\| ([^|]*)\|([^|]+)\|$/gm)].map(
    ([, name = '', type = '', labels = '']): [string, Family] => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort() },
    ],
  ),
);

interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; description: string };
}

const rules = (parse(read('infra/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

const dashboard = JSON.parse(read('infra/grafana/longshore.json')) as { panels: Panel[] };
const queries = [
  ...rules.map(({ alert, expr }) => ({ of: `the alert ${alert}`, expr })),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ of: `the panel "${title}"`, expr })),
  ),
].map(({ of, expr }) => ({ of, expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*') }));

/** What Prometheus itself adds. */
const added = ['instance', 'job', 'le'];
const ofProcess = /^(process|nodejs)_\w+$/;

/** Each metric that is asked for, with the labels it is asked by. */
function asked(expr: string): { name: string; labels: string[] }[] {
  const found: { name: string; labels: string[] }[] = [];
  const text = (node: SyntaxNode) => expr.slice(node.from, node.to);
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return;
      const labels: string[] = [];
      node.cursor().iterate(({ name: kind, node: one }) => void (kind === 'LabelName' && labels.push(text(one))));
      found.push({ name: text(node.getChild('Identifier')!), labels });
    },
  });
  return found;
}

describe('what watches an installation', () => {
  let orchestrator: OrchestratorOnFakes;
  let now: Scraped;

  beforeAll(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    await orchestrator.text('/healthz');
    now = scraped(await orchestrator.text('/metrics'));
  });
  afterAll(() => orchestrator[Symbol.asyncDispose]());

  it('finds a row in docs/observability.md for every metric of the orchestrator, and one for no other', () => {
    const ours = [...now.families].filter(([name]) => name.startsWith('longshore_'));
    const promised = [...documented].filter(
      ([name]) => !name.startsWith('longshore_worker_') || now.families.has(name),
    );
    const types = (entries: [string, { type: string }][]) =>
      entries.map(([name, { type }]) => `${name} ${type}`).sort();
    expect(types(promised)).toEqual(types(ours));
    for (const { name, labels } of now.samples) {
      const family = documented.get(name) ?? documented.get(name.replace(/_(bucket|sum|count)$/, ''));
      if (!name.startsWith('longshore_')) continue;
      const shown = Object.keys(labels).filter((label) => label !== 'le');
      expect([name, shown.sort()]).toEqual([name, family?.labels]);
    }
  });

  it('finds names that follow the rules of Prometheus', () => {
    for (const [name, { help, type }] of now.families) {
      expect([name, help.length > 0]).toEqual([name, true]);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect(name).toMatch(/^(longshore|process|nodejs)_[a-z0-9_]+$/);
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|kb|kib|mb|mib|percent|count|sum|bucket)(_|$)/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
    const labels = new Set(now.samples.flatMap((sample) => Object.keys(sample.labels)));
    for (const label of labels) expect(label).not.toMatch(/^(job|task|worker|key|id|instance|token)(_|$)/);
    const series = now.samples.map(({ name, labels: of }) => `${name} ${JSON.stringify(of)}`);
    expect(new Set(series).size).toBe(series.length);
  });

  it.each(queries)('reads what $of asks: $expr', ({ expr }) => {
    const wrong: string[] = [];
    parser.parse(expr).iterate({
      enter: ({ type, from, to }) => void (type.isError && wrong.push(`${from}: ${expr.slice(from, to)}`)),
    });
    expect(wrong).toEqual([]);
    for (const { name, labels } of asked(expr)) {
      if (name === 'up') continue;
      const family = documented.get(name) ?? documented.get(name.replace(/_(bucket|sum|count)$/, ''));
      expect([name, family !== undefined || (ofProcess.test(name) && now.families.has(name))]).toEqual([name, true]);
      const unknown = labels.filter((label) => ![...added, ...(family?.labels ?? [])].includes(label));
      expect([name, unknown]).toEqual([name, []]);
    }
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/, */));
    const known = asked(expr).flatMap(
      ({ name }) => documented.get(name.replace(/_(bucket|sum|count)$/, ''))?.labels ?? [],
    );
    expect(grouped.filter((label) => ![...added, ...known].includes(label))).toEqual([]);
  });

  it('has words for each alert: what, what to do, and a row in docs/observability.md', () => {
    const rows = [...page.matchAll(/^\| `(Longshore\w+)` +\|([^|]+)\|([^|]+)\|$/gm)];
    expect(rows.map(([, alert]) => alert).sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of rules) {
      expect([alert, annotations.summary.length > 10, annotations.description.length > 10]).toEqual([
        alert,
        true,
        true,
      ]);
    }
  });
});
