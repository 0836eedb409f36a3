import cliTruncate from 'cli-truncate';
import { describe, expect, it } from '@jest/globals';
import { emptyCounts } from '@longshore/core';
import { jobAnswer, type FailureGroupAnswer, type JobAnalyticsAnswer } from '@longshore/core/protocol';
import { aJob } from '@longshore/core/testing';
import { board, type Screen } from './board.js';
import type { Snapshot } from './snapshot.js';

const objects = { ...emptyCounts(), available: 900, leased: 8, accepted: 1, completed: 90, dead: 1 };
const job = jobAnswer(
  aJob({
    id: 'job',
    state: 'running',
    scan: 'done',
    startedAt: 0,
    counts: { tasks: emptyCounts(), bytes: emptyCounts(), objects },
  }),
);
const cause = {
  id: 'g',
  code: 'command-failed',
  pattern: 'Bad \u001b[2J鯨鯨 image',
  failed_attempts: 7,
  dead_objects: 1,
} as FailureGroupAnswer;
const snapshot: Snapshot = {
  job,
  numbers: { objects_per_second: 4.2, seconds_left: 217 } as JobAnalyticsAnswer,
  failures: [cause],
  workforce: { workers: 5, busy: 4, slots: 10, slotsTaken: 8 },
};
const screen: Screen = { columns: 100, rows: 24, now: 60_000, news: ['12:00:01  done: task x'], isLost: false };

describe('the screen of a job', () => {
  it('shows progress by state, speed, time left, failures by cause, who works, and the newest events', () => {
    expect(board(snapshot, screen)).toEqual([
      `${job.plugin}  job`,
      'running, 60 s',
      `[${'#'.repeat(3)}${'.'.repeat(37)}] 9 %  90 of 1000`,
      '8 running, 1 publishing, 900 waiting, 1 set aside',
      '4.2 a second, about 4 min left',
      'workers: 4 of 5 busy, 8 of 10 slots',
      'failures by cause',
      '  7, 1 set aside  command-failed: Bad \\x1b[2J鯨鯨 image',
      'newest',
      '  12:00:01  done: task x',
    ]);
  });

  const news = Array.from({ length: 50 }, (_, index) => `${index}  done: task ${'x'.repeat(60)}`);

  it.each([
    [20, 8],
    [40, 12],
    [7, 3],
    [1, 1],
    [200, 60],
  ])('fits a terminal of %i columns and %i rows', (columns, rows) => {
    const lines = board(snapshot, { ...screen, news, columns, rows });
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    for (const line of lines) expect(cliTruncate(line, Math.max(1, columns - 1))).toBe(line);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('keeps the newest events where there is not room for all', () => {
    expect(board(snapshot, { ...screen, news, rows: 14 }).at(-1)).toMatch(/^ {2}49 /);
  });

  it('says what is wrong: nobody works, the job is paused, the connection is lost', () => {
    const nobody = { ...snapshot, workforce: { workers: 0, busy: 0, slots: 0, slotsTaken: 0 } };
    expect(board(nobody, screen)).toContain(`no worker serves ${job.plugin}`);
    const failure = { class: 'config', code: 'access-denied', message: 'No entry.' } as const;
    const paused = board({ ...snapshot, job: { ...job, state: 'paused', failure } }, screen);
    expect(paused).toEqual(expect.arrayContaining(['No entry.', 'resume: longshore resume job']));
    expect(board(snapshot, { ...screen, isLost: true })[1]).toBe('running, 60 s, connection lost, asking again');
  });
});
