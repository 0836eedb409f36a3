import { describe, expect, it } from '@jest/globals';
import { privateCluster } from './private-cluster.js';

const job = { plugin: 'echo', input: '/in', output: '/out' };

describe('an orchestrator and workers of one command', () => {
  it('send no mail, take no strangers in, and do not stumble over what a fleet is told', () => {
    expect(privateCluster(job)).toMatchObject({
      CONFIG_BUCKET: '',
      SENDER_EMAIL: '',
      RECIPIENT_EMAIL: '',
      LONGSHORE_MAIL_TEMPLATE: '',
      LONGSHORE_TEMPLATES: '',
      LONGSHORE_WEBHOOKS: '',
      LONGSHORE_WEBHOOKS_FILE: '',
      LONGSHORE_PUBLIC_URL: '',
      LONGSHORE_ALLOW_LEGACY_WORKERS: '',
      LONGSHORE_SHUTDOWN: '',
    });
  });

  it('may go where the job says, and nowhere else', () => {
    const role = { arn: 'arn:aws:iam::123456789012:role/reader' };
    const storage = { input: { role }, output: { endpoint: 'http://127.0.0.1:9000' } };
    expect(privateCluster({ ...job, storage })).toMatchObject({
      LONGSHORE_ALLOW_ENDPOINTS: 'http://127.0.0.1:9000',
      LONGSHORE_ALLOW_ROLES: role.arn,
    });
  });
});
