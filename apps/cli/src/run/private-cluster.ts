/** What an orchestrator and workers are told that live for one command and on this machine alone. */
import type { CreateJobRequest } from '@longshore/core/protocol';

/** Settings for both; each adds its own. */
export function privateCluster({ storage }: CreateJobRequest): Record<string, string> {
  const sides = [storage?.input, storage?.output];
  return {
    // Whoever runs a job here is its operator too, so that nobody else has to agree to the endpoints and roles it names.
    LONGSHORE_ALLOW_ENDPOINTS: sides.flatMap((side) => side?.endpoint ?? []).join(','),
    LONGSHORE_ALLOW_ROLES: sides.flatMap((side) => side?.role?.arn ?? []).join(','),
    // What processes of a fleet are told has no say here.
    CONFIG_BUCKET: '',
    CONFIG_KEY: '',
    LONGSHORE_SHUTDOWN: '',
    LONGSHORE_URL_PARAMETER: '',
    LONGSHORE_PUBLIC_URL: '',
    SENDER_EMAIL: '',
    RECIPIENT_EMAIL: '',
    LONGSHORE_MAIL_TEMPLATE: '',
    LONGSHORE_TEMPLATES: '',
    LONGSHORE_WEBHOOKS: '',
    LONGSHORE_WEBHOOKS_FILE: '',
    LONGSHORE_ALLOW_LEGACY_WORKERS: '',
  };
}

/** The orchestrator chooses its port, and is reached from this machine alone. */
export const privateAddress = { LONGSHORE_HOST: '127.0.0.1', LONGSHORE_PORT: '0' };
