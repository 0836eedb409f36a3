/** The token of whoever types the command: never an argument, because everybody on a machine sees those. */
import { Settings } from '@longshore/adapters/settings';

/** @throws LongshoreError `invalid-configuration` for a file that others may read */
export function userToken(): string | undefined {
  return new Settings(process.env).secret('LONGSHORE_TOKEN');
}

/** For this command alone, whatever the environment says. */
export function useTokenFile(path: string): string {
  delete process.env.LONGSHORE_TOKEN;
  process.env.LONGSHORE_TOKEN_FILE = path;
  return path;
}
