import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parameterNames } from '@longshore/core';
import {
  BatchingMessage,
  CreateJobRequest,
  EncryptionMessage,
  OutputStorageMessage,
  PolicyMessage,
  RetryRuleMessage,
  RoleMessage,
  SkipMessage,
  StorageMessage,
} from '@longshore/core/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { JobFile } from './job-file.js';

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../../../docs', name), 'utf8');

describe('the page about job files', () => {
  const text = page('job-file.md');

  it.each([
    ...parameterNames(CreateJobRequest).filter((name) => !['batching', 'policy', 'skip', 'storage'].includes(name)),
    ...parameterNames(BatchingMessage).map((name) => `batching.${name}`),
    ...parameterNames(PolicyMessage).map((name) => `policy.${name}`),
    ...parameterNames(RetryRuleMessage).map((name) => `policy.retry.${name}`),
    ...parameterNames(SkipMessage).map((name) => `skip.${name}`),
    ...parameterNames(StorageMessage).map((name) => `storage.${name}`),
  ])('explains %s', (name) => {
    expect(text).toContain(`\`${name}\``);
  });
});

describe('the page about storage', () => {
  const text = page('storage.md');

  it.each([
    ...parameterNames(OutputStorageMessage),
    ...[...parameterNames(RoleMessage), ...parameterNames(EncryptionMessage)],
  ])('explains %s', (name) => {
    expect(text).toContain(`\`${name}\``);
  });
});

describe('the job files of the examples', () => {
  const examples = join(import.meta.dirname, '../../../../examples');
  const files = readdirSync(examples).filter((name) => name.endsWith('.yaml'));

  it.each(files)('%s is right, by its schema and by the command line, and names its schema', async (name) => {
    const path = join(examples, name);
    const file = await JobFile.read(path);
    expect(() => file.assertRight()).not.toThrow();
    const text = readFileSync(path, 'utf8');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
    const check = new Ajv2020({ strictTypes: false }).compile(
      JSON.parse(readFileSync(join(examples, schema), 'utf8')) as Record<string, unknown>,
    );
    expect([check(parse(text)), check.errors]).toEqual([true, null]);
  });
});
