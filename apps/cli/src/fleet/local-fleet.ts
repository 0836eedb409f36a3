/** The fleets of this machine, and what their workers are told. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalFleetProvider } from '@longshore/adapters/fleet';
import type { FleetProvider, FleetTemplate } from '@longshore/core';
import { entryOf } from '../run/child-process.js';

export interface FleetSettings {
  plugin: string;
  slots: number;
  /** Undefined where workers find the address in a parameter of the cloud. */
  url: string | undefined;
  joinTokenFile: string | undefined;
}

export function localFleets(): FleetProvider {
  return new LocalFleetProvider({
    home: join(process.env.LONGSHORE_HOME ?? join(homedir(), '.longshore'), 'fleets'),
    command: [process.execPath, entryOf('@longshore/worker/main')],
    environment: process.env,
    folder: process.cwd(),
  });
}

/** What was typed wins over what the environment says. A token is handed on as the name of its file, and never written down. */
export function fleetTemplate({ plugin, slots, url, joinTokenFile }: FleetSettings): FleetTemplate {
  return {
    plugin,
    slots,
    environment: {
      ...(url !== undefined && { LONGSHORE_URL: url, LONGSHORE_URL_PARAMETER: '' }),
      ...(joinTokenFile !== undefined && {
        LONGSHORE_JOIN_TOKEN_FILE: resolve(joinTokenFile),
        LONGSHORE_JOIN_TOKEN: '',
      }),
    },
  };
}
