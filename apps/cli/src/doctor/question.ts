/** What doctor is asked, and by whom. */
import { storeKind, type Location } from '@longshore/core';
import type { Outside } from './compose.js';
import type { Wish } from './wish.js';

export interface Question {
  wish: Wish;
  /** Tasks at the same time on this machine. */
  slots: number | undefined;
  /** As it was typed. */
  url: string | undefined;
  /** Of this command. */
  version: string;
  environment: NodeJS.ProcessEnv;
  limitMs: number;
}

/** Endpoints whose clock tells that of S3. */
export function s3Endpoints({ input, output }: Wish, setting: Outside['setting']): string[] {
  const ofS3 = [input, output].filter((place): place is Location => place !== undefined && storeKind(place) === 's3');
  const urls = ofS3.map(({ storage }) => {
    const region = storage?.region ?? setting('AWS_REGION') ?? setting('AWS_DEFAULT_REGION') ?? 'us-east-1';
    const named = storage?.endpoint ?? setting('AWS_ENDPOINT_URL_S3') ?? setting('AWS_ENDPOINT_URL');
    return named ?? `https://s3.${region}.amazonaws.com`;
  });
  return [...new Set(urls)];
}
