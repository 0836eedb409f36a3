/** Which endpoints and roles the operator lets jobs name, read from the environment. */
import { LongshoreError, type StoragePolicy } from '@longshore/core';
import type { Settings } from './settings.js';

/** @throws LongshoreError `invalid-configuration` */
export function storagePolicy(settings: Settings): StoragePolicy {
  const endpoints = settings.list('LONGSHORE_ALLOW_ENDPOINTS');
  const roles = settings.list('LONGSHORE_ALLOW_ROLES');
  const noAddress = endpoints.find((endpoint) => !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''));
  if (noAddress !== undefined) throw refused('LONGSHORE_ALLOW_ENDPOINTS', noAddress, 'http addresses');
  const noRole = roles.find((role) => !/^arn:aws[a-z-]*:iam::(\d{12}|\*):role\/.+$/.test(role));
  if (noRole !== undefined) throw refused('LONGSHORE_ALLOW_ROLES', noRole, 'ARNs of roles');
  return { endpoints, roles };
}

function refused(name: string, value: string, wanted: string): LongshoreError {
  return new LongshoreError('invalid-configuration', `${name} names "${value}".`, {
    remedy: `Set it to ${wanted}, separated by commas, or unset it.`,
  });
}
