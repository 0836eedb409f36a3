import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { newSecret } from '@longshore/core';
import { adminToken, createToken, lockedOrchestrator } from '../testing/locked-orchestrator.js';
import { quoted } from './audit.js';

describe('the log of who did what', () => {
  const lines: string[] = [];
  for (const level of ['log', 'warn', 'error'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
  }
  afterEach(() => {
    lines.length = 0;
  });

  it('says who made and who revoked a token, and who was refused, and never shows one', async () => {
    await using orchestrator = await lockedOrchestrator();
    const { id, token } = await createToken(orchestrator, { role: 'read', label: 'for "me"\n{"level":"info"}' });
    await orchestrator.ask('POST', '/api/v1/jobs', { token, body: {} });
    await orchestrator.ask('GET', `/api/v1/jobs/${token}?token=${token}`);
    await orchestrator.ask('GET', '/api/v1/jobs', { token: newSecret('admin') });
    await orchestrator.ask('DELETE', `/api/v1/tokens/${id}`, { token: adminToken });
    const log = lines.join('\n');
    expect(log).toMatch(new RegExp(`Token created: read ${id} "for \\\\"me\\\\"\\\\n.*", by admin`));
    expect(log).toMatch(new RegExp(`Refused with 403 not-allowed: POST "/api/v1/jobs" from 127.0.0.1 by read ${id}`));
    expect(log).toMatch(
      /Refused with 401 not-authenticated: GET "\/api\/v1\/jobs\/lsk_\.\.\." from 127.0.0.1 by nobody known/,
    );
    expect(log).toMatch(new RegExp(`Token revoked: read ${id}`));
    expect(log).not.toMatch(/lsk_[A-Za-z0-9_-]{8}/);
    expect(log).not.toContain(adminToken);
    expect(lines.every((line) => !line.includes('\n'))).toBe(true);
  });

  it('S16: cannot be forged or made to move a terminal by what others write', () => {
    for (const name of [
      'a\n{"level":"info"}',
      '\u001b]0;title\u0007',
      '\u009b31m',
      '\u2028',
      '\u202eexe',
      'x'.repeat(10_000),
    ]) {
      const line = quoted(name);
      expect(line).toMatch(/^[\x20-\x7e]*$/);
      expect(line.length).toBeLessThan(300);
    }
  });
});
