import { readFileSync } from 'node:fs';
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

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../../../docs', name), 'utf8');

describe('the page about job files', () => {
  const text = page('job-file.md');

  it.each([
    ...parameterNames(CreateJobRequest).filter((name) => !['batching', 'policy', 'skip', 'storage'].includes(name)),
    ...parameterNames(BatchingMessage).map((name) => `batching.${name}`),
    ...parameterNames(PolicyMessage).map((name) => `policy.${name}`),
    ...parameterNames(RetryRuleMessage),
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
