/** Every code Longshore reports, with the class that decides which budget it spends and who has to act. */

/**
 * - `job`: the container, its command or its input is at fault; costs an attempt.
 * - `resource`: the task wanted more memory, time or disk than it was given; costs an attempt.
 * - `infra`: a machine, a network or a service is at fault; costs a loss.
 * - `config`: somebody has to change the job or the installation; trying again cannot help.
 * - `request`: the caller asked for something that cannot be done; nothing was changed.
 */
export type FailureClass = 'job' | 'resource' | 'infra' | 'config';

export const errorCodes = {
  'command-failed': 'job',
  'command-not-found': 'job',
  'output-missing': 'job',
  'output-not-a-file': 'job',
  'output-collision': 'job',
  'input-missing': 'job',
  'input-changed': 'job',
  'input-archived': 'job',
  'name-refused': 'job',
  'hook-failed': 'job',
  'record-invalid': 'job',

  'out-of-memory': 'resource',
  'output-too-large': 'resource',
  'timed-out': 'resource',
  'too-many-outputs': 'resource',

  'acknowledgement-timeout': 'infra',
  'lease-expired': 'infra',
  'processing-timeout': 'infra',
  'worker-stopped': 'infra',
  'engine-failed': 'infra',
  'storage-failed': 'infra',
  'discovery-failed': 'infra',
  'disk-full': 'infra',
  'machine-failed': 'infra',
  'machine-unknown': 'config',
  'notification-failed': 'infra',
  'notification-refused': 'config',
  'receiver-gone': 'config',
  'registry-busy': 'infra',
  'registry-unreachable': 'infra',
  'staging-lost': 'infra',

  'access-denied': 'config',
  'engine-unavailable': 'config',
  'groups-unfit': 'config',
  'image-not-found': 'config',
  'job-file-invalid': 'config',
  'image-pull-failed': 'config',
  'image-unsuitable': 'config',
  'invalid-configuration': 'config',
  'invalid-parameters': 'config',
  'location-invalid': 'config',
  'location-not-found': 'config',
  'no-objects': 'config',
  'plugin-broken': 'config',
  'plugin-unknown': 'config',
  'port-taken': 'config',
  'report-failed': 'config',
  'state-damaged': 'config',
  'state-in-use': 'config',
  'wrong-cluster': 'config',
  'storage-refused': 'config',

  'internal-error': 'infra',
  'invalid-request': 'request',
  'job-not-found': 'request',
  'method-not-allowed': 'request',
  'name-taken': 'request',
  'not-allowed': 'request',
  'not-authenticated': 'request',
  'not-ready': 'request',
  'nothing-pending': 'request',
  'orchestrator-unreachable': 'infra',
  'report-not-found': 'request',
  'request-repeated': 'request',
  'request-differs': 'request',
  'request-too-large': 'request',
  'route-not-found': 'request',
  'shutting-down': 'request',
  'stale-fence': 'request',
  'task-not-found': 'request',
  'token-not-found': 'request',
  'token-revoked': 'request',
  'too-many-requests': 'request',
  'transition-refused': 'request',
  'worker-unknown': 'request',
} as const satisfies Record<string, FailureClass | 'request'>;

export type ErrorCode = keyof typeof errorCodes;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
