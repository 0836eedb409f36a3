/** Which endpoints and roles jobs may name. A process goes there with its own credentials, so that its operator has to agree. */
import { LongshoreError } from '../errors/longshore-error.js';
import { formatLocation, storeKind, type Location } from '../words/location.js';

export interface StoragePolicy {
  /** Addresses, as `https://minio.example.org:9000`. */
  endpoints: readonly string[];
  /** ARNs of roles, in which `*` stands for anything. */
  roles: readonly string[];
}

/** What holds where an operator says nothing. */
export const defaultStoragePolicy: StoragePolicy = { endpoints: [], roles: [] };

/** @throws LongshoreError `storage-refused` for an endpoint or a role that the policy does not name */
export function allowStorage(location: Location, policy: StoragePolicy): void {
  const { endpoint, role } = location.storage ?? {};
  if (endpoint !== undefined && !policy.endpoints.some((allowed) => sameAddress(allowed, endpoint))) {
    throw refused(`the endpoint ${endpoint}`, location, 'LONGSHORE_ALLOW_ENDPOINTS', endpoint);
  }
  if (role && !policy.roles.some((pattern) => matches(pattern, role.arn))) {
    throw refused(`the role ${role.arn}`, location, 'LONGSHORE_ALLOW_ROLES', role.arn);
  }
}

/** @throws LongshoreError `location-invalid` for settings of S3 that were given for a folder, which would be lost in silence */
export function refuseFolderSettings(location: Location, name: 'input' | 'output'): void {
  if (storeKind(location) !== 'folder' || !location.storage) return;
  const given = Object.keys(location.storage).join(', ');
  throw new LongshoreError(
    'location-invalid',
    `The ${name} ${formatLocation(location)} is a folder, and storage.${name} (${given}) is for S3.`,
    { remedy: `Leave storage.${name} out, or name an s3:// location.` },
  );
}

function refused(what: string, location: Location, setting: string, value: string): LongshoreError {
  return new LongshoreError('storage-refused', `The job wants ${what} for ${formatLocation(location)}.`, {
    remedy: `Where you trust it with the credentials of the orchestrator and the workers, start both with ${setting}=${value}.`,
  });
}

function sameAddress(one: string, other: string): boolean {
  const [first, second] = [URL.parse(one), URL.parse(other)];
  return first !== null && second !== null && trimmed(first) === trimmed(second);
}

function trimmed({ href }: URL): string {
  return href.replace(/\/+$/, '');
}

function matches(pattern: string, arn: string): boolean {
  const literal = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(arn);
}
