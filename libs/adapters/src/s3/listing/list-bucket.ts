/** The objects of a bucket below a prefix. What all stores send is asked for past the SDK and read here; the SDK knows the other ways, and reads what is odd. */
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { LongshoreError, type ListOptions, type ObjectRef } from '@longshore/core';
import type { S3Bucket } from '../s3-bucket.js';
import { s3Error } from '../s3-errors.js';
import { asksForPatience, tagged } from '../transfer/service-errors.js';
import { ContentsReader } from './contents.js';
import type { ListedPage } from './key-range.js';
import { listedObject } from './listed-object.js';
import { objectsAtHand, type ListedObjects } from './listed-objects.js';
import { RangedListing, type PageRequest, type RangedOptions } from './ranged-listing.js';

export type ListingLimits = Pick<RangedOptions, 'mostAsked' | 'mostAhead' | 'patienceMs'>;

/** Buckets that were seen to list in another order than that of keys. */
export type UnorderedBuckets = Set<string>;

/** Buckets of directories list in no order, and do not know where to start. */
const isOfDirectories = (bucket: string) => bucket.endsWith('--x-s3');

export function listBucket(
  bucket: S3Bucket,
  { after, signal }: ListOptions,
  unordered: UnorderedBuckets,
  limits: ListingLimits,
): AsyncIterable<ObjectRef[]> {
  const isSerial = isOfDirectories(bucket.name) || unordered.has(bucket.name);
  const reader = new ContentsReader();
  return new RangedListing({
    prefix: bucket.prefix,
    ...limits,
    ...(isSerial && { mostAsked: 1 }),
    ...(after !== undefined && { after }),
    ...(signal && { signal }),
    ask: (request) => askPage(bucket, reader, request),
    disorder: () => {
      unordered.add(bucket.name);
      return new LongshoreError('storage-failed', `The bucket ${bucket.name} does not list in the order of keys.`);
    },
  }).pages();
}

/** What is told around the objects, where it is all there. */
const whole = /<ListBucketResult[\s>].*<\/ListBucketResult>\s*$/s;

async function askPage(bucket: S3Bucket, reader: ContentsReader, request: PageRequest): Promise<ListedPage> {
  try {
    return (await askQuickly(bucket, reader, request)) ?? (await askBySdk(bucket, reader, request));
  } catch (thrown) {
    request.signal.throwIfAborted();
    throw s3Error(thrown, `The objects of s3://${bucket.name}/${bucket.prefix} cannot be listed`);
  }
}

function commandOf({ common, prefix }: S3Bucket, { token, after }: PageRequest): ListObjectsV2Command {
  return new ListObjectsV2Command({
    ...common,
    Prefix: prefix,
    // XML cannot carry control characters; in this encoding every key arrives.
    EncodingType: 'url',
    // Only with it is it known of an archived object whether somebody has restored it.
    OptionalObjectAttributes: ['RestoreStatus'],
    ...(token !== undefined ? { ContinuationToken: token } : after !== undefined && { StartAfter: after }),
  });
}

/** Nothing where only the SDK knows the way, or can read the answer. */
async function askQuickly(
  bucket: S3Bucket,
  reader: ContentsReader,
  request: PageRequest,
): Promise<ListedPage | undefined> {
  const pieces: Uint8Array[] = [];
  const receiver = {
    position: 0,
    begin: () => void pieces.splice(0),
    take: (piece: Uint8Array) => void pieces.push(piece),
  };
  const answer = await bucket.ask(() => commandOf(bucket, request), { receiver, signal: request.signal });
  const found = answer && reader.read(pieces);
  if (!found) return undefined;
  if (!whole.test(found.rest)) {
    found.objects.take(0);
    return undefined;
  }
  const token = tagged(found.rest, 'NextContinuationToken');
  return { objects: found.objects, ...(token !== undefined && { token }), wasSlowed: answer.wasSlowed };
}

async function askBySdk(bucket: S3Bucket, reader: ContentsReader, request: PageRequest): Promise<ListedPage> {
  let objects: ListedObjects | undefined;
  let wasSlowed = false;
  const command = commandOf(bucket, request);
  command.middlewareStack.add(
    (next) => async (args) => {
      objects = undefined;
      const answer = await next(args);
      const response = answer.response as { statusCode: number; body: AsyncIterable<Uint8Array> | Uint8Array };
      wasSlowed ||= asksForPatience(response.statusCode);
      if (response.statusCode !== 200) return answer;
      const pieces: Uint8Array[] = [];
      for await (const piece of response.body as AsyncIterable<Uint8Array>) pieces.push(piece);
      const found = reader.read(pieces);
      objects = found?.objects;
      response.body = found ? Buffer.from(found.rest) : Buffer.concat(pieces);
      return answer;
    },
    // The innermost of all: the others see what is left.
    { step: 'deserialize', priority: 'low', name: 'longshoreContents' },
  );
  const page = await bucket.send((client, options) => client.send(command, options), request.signal);
  return {
    objects: objects ?? objectsAtHand((page.Contents ?? []).map(listedObject)),
    ...(page.NextContinuationToken !== undefined && { token: page.NextContinuationToken }),
    wasSlowed,
  };
}
