/** Asks for what a page shows, keeps it fresh, and changes things. */
import { useMutation, useQuery, useQueryClient, keepPreviousData, type UseQueryResult } from '@tanstack/react-query';
import { useLinkState } from '../live/link.js';
import { getJson, postJson } from './request.js';

export type Answer<T> = UseQueryResult<T>;

interface Freshness {
  /** No question where this is false. */
  when?: boolean;
  /** How often it is asked again where events do not tell of its changes. */
  everyMs?: number;
  /** Shows the page before until the next one is there. */
  keep?: boolean;
}

/** While events come, they say what to ask for again; a slow question in between makes good what they may have missed. */
const quietlyMs = 30_000;
const pollingMs = 3_000;

export function useAnswer<T>(path: string, { when = true, everyMs, keep = false }: Freshness = {}): Answer<T> {
  const link = useLinkState();
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => getJson<T>(path, signal),
    enabled: when,
    refetchInterval: everyMs ?? (link === 'live' ? quietlyMs : pollingMs),
    ...(keep && { placeholderData: keepPreviousData }),
  });
}

/** Sends what somebody decided; sent again by hand it is the same intention only as long as it did not succeed. */
export function useAction<T>(path: string, onDone?: (answer: T) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, key }: { body: unknown; key: string }) => postJson<T>(path, body, key),
    onSuccess: async (answer) => {
      onDone?.(answer);
      await client.invalidateQueries();
    },
  });
}
