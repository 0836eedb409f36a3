import { describe, expect, it } from '@jest/globals';
import type { LongshoreError } from '../errors/index.js';
import type { Location } from '../words/index.js';
import { allowStorage, defaultStoragePolicy, refuseFolderSettings, type StorageSettings } from './index.js';

const at = (storage: StorageSettings) => ({ bucket: 'images', prefix: 'in/', storage });
const role = (arn: string) => at({ role: { arn } });
const reader = 'arn:aws:iam::123456789012:role/longshore-reader';

function remedyOf(location: Location): string | undefined {
  try {
    allowStorage(location, defaultStoragePolicy);
  } catch (thrown) {
    return (thrown as LongshoreError).remedy;
  }
  return undefined;
}

describe('the endpoints and roles that jobs may name', () => {
  it('are none where the operator says nothing', () => {
    const refusal = { code: 'storage-refused', failureClass: 'config' };
    const named = at({ endpoint: 'http://169.254.169.254' });
    expect(() => allowStorage(named, defaultStoragePolicy)).toThrow(expect.objectContaining(refusal));
    expect(remedyOf(named)).toContain('LONGSHORE_ALLOW_ENDPOINTS=http://169.254.169.254');
    expect(remedyOf(role(reader))).toContain(`LONGSHORE_ALLOW_ROLES=${reader}`);
    allowStorage(at({ region: 'eu-west-1', requesterPays: true }), defaultStoragePolicy);
    allowStorage({ bucket: 'images', prefix: '' }, defaultStoragePolicy);
  });

  it.each([
    ['https://minio.example.org', 'https://minio.example.org/', true],
    ['https://minio.example.org', 'https://MINIO.example.org:443', true],
    ['https://minio.example.org', 'http://minio.example.org', false],
    ['https://minio.example.org', 'https://minio.example.org:9000', false],
    ['https://minio.example.org', 'https://minio.example.org.evil.example', false],
    ['https://minio.example.org', 'https://minio.example.org/elsewhere', false],
  ])('%s lets %s in: %s', (allowed, endpoint, isIn) => {
    const check = () => allowStorage(at({ endpoint }), { endpoints: [allowed], roles: [] });
    if (isIn) check();
    else expect(check).toThrow(endpoint);
  });

  it.each([
    [reader, true],
    ['arn:aws:iam::123456789012:role/longshore-*', true],
    ['arn:aws:iam::123456789012:role/longshore', false],
    ['arn:aws:iam::999999999999:role/longshore-*', false],
    ['arn:aws:iam::123456789012:role/longshore.reader', false],
  ])('%s lets the reader in: %s', (pattern, isIn) => {
    const check = () => allowStorage(role(reader), { endpoints: [], roles: [pattern] });
    if (isIn) check();
    else expect(check).toThrow(reader);
  });

  it('are of no use to a folder, and said so', () => {
    const folder = { bucket: 'file:///data', prefix: '', storage: { region: 'eu-west-1' } };
    expect(() => refuseFolderSettings(folder, 'input')).toThrow(
      'The input /data is a folder, and storage.input (region) is for S3.',
    );
    refuseFolderSettings({ bucket: 'file:///data', prefix: '' }, 'output');
  });
});
