import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import type { WhoAmIAnswer } from '@longshore/core/protocol';
import { judgeJoinToken, judgeOrchestrator, judgeToken } from './orchestrator.js';

const url = 'http://127.0.0.1:8480';
const failure = (code: ConstructorParameters<typeof LongshoreError>[0]) => new LongshoreError(code, 'Why.');

describe('what doctor thinks of an orchestrator', () => {
  it.each([
    [{ url }, 'orchestrator-ok'],
    [{ url, notReady: 'Wait.' }, 'orchestrator-not-ready'],
    [{ url, failure: failure('orchestrator-unreachable') }, 'orchestrator-unreachable'],
    [{ url, failure: failure('wrong-cluster') }, 'orchestrator-other-cluster'],
  ])('%j is %s', (facts, id) => {
    expect(judgeOrchestrator(facts).id).toBe(id);
  });
});

describe('what doctor thinks of a token', () => {
  const ids = (answer: Partial<WhoAmIAnswer>, own = '1.0.0') =>
    judgeToken({ answer: { role: 'admin', version: '1.0.0', cluster: 'lab', ...answer } }, own).map(({ id }) => id);

  it.each([
    ['admin', ['token-ok', 'orchestrator-ok']],
    ['submit', ['token-ok', 'orchestrator-ok']],
    ['read', ['token-read-only', 'orchestrator-ok']],
    ['join', ['token-other-role', 'orchestrator-ok']],
    ['worker', ['token-other-role', 'orchestrator-ok']],
    ['none', ['token-missing']],
  ] as const)('of the role %s', (role, expected) => {
    expect(ids({ role })).toEqual(expected);
  });

  it('says role, cluster and end', () => {
    const [first] = judgeToken({ answer: { role: 'read', cluster: 'lab', version: '1', expires_at: 'then' } }, '1');
    expect(first?.message).toBe('It takes you for "read", until then, in the cluster "lab".');
  });

  it('warns of another version', () => {
    expect(ids({}, '2.0.0')).toEqual(['token-ok', 'orchestrator-other-version']);
  });

  it('tells one that is refused from one that cannot be read', () => {
    expect(judgeToken({ refused: failure('token-revoked') }, '1')[0]?.id).toBe('token-refused');
    expect(judgeToken({ unreadable: failure('invalid-configuration') }, '1')[0]?.id).toBe('token-unreadable');
  });
});

describe('what doctor thinks of a join token', () => {
  const judge = (answer: Partial<WhoAmIAnswer>, plugin?: string) =>
    judgeJoinToken({ answer: { role: 'join', ...answer } }, plugin);

  it('says how many it lets in, and until when', () => {
    expect(judge({ uses: 3, max_uses: 20, expires_at: 'then' })).toMatchObject({
      id: 'join-ok',
      message: 'It lets in 17 more workers, until then.',
    });
    expect(judge({}).message).toBe('It lets in workers.');
  });

  it.each([
    ['used up', { uses: 2, max_uses: 2 }, 'join-over'],
    ['of another plugin', { plugin: 'echo' }, 'join-other-plugin'],
    ['of another role', { role: 'read' as const }, 'join-other-role'],
  ])('knows one that is %s', (_, answer, id) => {
    expect(judge(answer, 'line-count').id).toBe(id);
  });

  it('tells one that is refused from one that cannot be read', () => {
    expect(judgeJoinToken({ refused: failure('not-authenticated') }, undefined).id).toBe('join-refused');
    expect(judgeJoinToken({ unreadable: failure('invalid-configuration') }, undefined).id).toBe('join-unreadable');
  });
});
