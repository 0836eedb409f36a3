import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { openTaskStates, taskStates, type TaskState } from '../words/task.js';
import { jobStates, endedJobStates } from '../words/job.js';
import { jobTransitions, nextJobState, type JobEvent } from './job-transitions.js';
import { nextTaskState, taskTransitions, type TaskEvent } from './task-transitions.js';

interface Line {
  from: string;
  event: string;
  to: string;
}

const arrow = ({ from, event, to }: Line) => `${from} --> ${to} : ${event}`;

async function page(): Promise<{ task: string; job: string }> {
  const text = await readFile(new URL('../../../../docs/task-life-cycle.md', import.meta.url), 'utf8');
  const [task = '', job = ''] = text.split('\n## A job\n');
  return { task, job };
}

/** The arrows of a mermaid diagram that carry an event. */
function drawn(text: string): string[] {
  return [...text.matchAll(/^ +(\w+) --> (\w+) : (\w+)$/gm)].map(([, from = '', to = '', event = '']) =>
    arrow({ from, event, to }),
  );
}

describe('the life of a task', () => {
  it('is drawn in the documentation as it is in the table', async () => {
    expect(drawn((await page()).task).sort()).toEqual(taskTransitions.map(arrow).sort());
  });

  it.each(taskStates)('is explained with who moves a task out of "%s"', async (state) => {
    const [, section = ''] = (await page()).task.split(`### ${state}\n`);
    const [explanation = ''] = section.split('\n### ');
    const movers = taskTransitions.filter(({ from }) => from === state).map(({ by }) => by);
    for (const by of movers) expect(explanation.toLowerCase()).toContain(by);
    expect(explanation.includes('Nobody moves a task out of here')).toBe(movers.length === 0);
  });

  it('leads from every state by an event to one other state at most', () => {
    const steps = taskTransitions.map(({ from, event }) => `${from} ${event}`);
    expect(new Set(steps).size).toBe(steps.length);
  });

  const events = [...new Set(taskTransitions.map(({ event }) => event))];
  const pairs = taskStates.flatMap((from) => events.map((event): [TaskState, TaskEvent] => [from, event]));

  it.each(pairs)('from %s by %s goes where the table says, and is refused where it says nothing', (from, event) => {
    const line = taskTransitions.find((one) => one.from === from && one.event === event);
    if (line) expect(nextTaskState(from, event)).toBe(line.to);
    else
      expect(() => nextTaskState(from, event)).toThrow(
        expect.objectContaining({ code: 'transition-refused', message: expect.stringContaining(`"${event}"`) }),
      );
  });

  it('ends where nothing leads on, and is open everywhere else but among the dead', () => {
    const left = new Set(taskTransitions.map(({ from }) => from));
    expect(taskStates.filter((state) => !left.has(state))).toEqual(['completed', 'split', 'cancelled']);
    expect(taskStates.filter((state) => left.has(state) && state !== 'dead')).toEqual(openTaskStates);
  });

  it('reaches every state from available', () => {
    const reached = new Set<TaskState>(['available']);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const { from, to } of taskTransitions) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...taskStates].sort());
  });
});

describe('the life of a job', () => {
  it('is drawn in the documentation as it is in the table', async () => {
    expect(drawn((await page()).job).sort()).toEqual(jobTransitions.map(arrow).sort());
  });

  it.each(jobStates)('is explained for "%s"', async (state) => {
    expect((await page()).job).toMatch(new RegExp(`^- .*\\*\\*${state}\\*\\*`, 'm'));
  });

  const events = [...new Set(jobTransitions.map(({ event }) => event))];
  const pairs = jobStates.flatMap((from) =>
    events.map((event): [(typeof jobStates)[number], JobEvent] => [from, event]),
  );

  it.each(pairs)('from %s by %s goes where the table says, and is refused where it says nothing', (from, event) => {
    const lines = jobTransitions.filter((one) => one.from === from && one.event === event);
    expect(lines.length).toBeLessThanOrEqual(1);
    if (lines[0]) expect(nextJobState(from, event)).toBe(lines[0].to);
    else expect(() => nextJobState(from, event)).toThrow(expect.objectContaining({ code: 'transition-refused' }));
  });

  it('ends where nothing leads on', () => {
    const left = new Set(jobTransitions.filter(({ event }) => event !== 'redrive').map(({ from }) => from));
    expect(jobStates.filter((state) => !left.has(state))).toEqual(endedJobStates);
  });
});
