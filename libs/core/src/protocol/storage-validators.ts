/** Checks of what S3 would refuse only when the first output is stored. */
import { ValidateBy } from 'class-validator';

type Texts = Record<string, string>;

function check(name: string, test: (value: unknown) => boolean, message: string): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: test,
      defaultMessage: ({ property } = { property: '' } as never) => `${property} ${message}`,
    },
  });
}

/** An address without anything in it that could be a secret or would be lost. */
export function IsEndpoint(): PropertyDecorator {
  const test = (value: unknown) => {
    const url = typeof value === 'string' && value.length <= 2_048 ? URL.parse(value) : null;
    return (
      url !== null && ['http:', 'https:'].includes(url.protocol) && `${url.username}${url.search}${url.hash}` === ''
    );
  };
  return check('endpoint', test, 'must be an address such as https://minio.example.org:9000');
}

export function IsContentTypes(): PropertyDecorator {
  const test = (pattern: string, type: string) =>
    pattern.length <= 1_024 && /^[\w.+-]{1,127}\/[\w.+-]{1,127}(?:; ?[\w-]+=[\w.-]+)*$/.test(type);
  return check(
    'content types',
    textsOf(100, test),
    'must name content types by patterns, such as {"*.csv": "text/csv"}',
  );
}

/** Metadata travels in headers: S3 takes 2 KB of it, in which letter case and foreign letters are not kept. */
export function IsObjectMetadata(): PropertyDecorator {
  const test = (key: string, value: string) =>
    /^[a-z0-9][a-z0-9._-]*$/.test(key) && !key.startsWith('longshore-') && /^[\x20-\x7e]*$/.test(value);
  const fits = (texts: Texts) => sizeOf(texts) <= 2_048 - ownMetadataBytes;
  return check(
    'metadata',
    (value) => textsOf(50, test)(value) && fits(value as Texts),
    'must be at most 1,984 bytes of plain letters, with names in lower case that do not begin with longshore-',
  );
}

/** Our own stamp needs a little of the room. */
const ownMetadataBytes = 64;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export function IsObjectTags(): PropertyDecorator {
  const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  const test = (key: string, value: string) =>
    key.length >= 1 && key.length <= 128 && value.length <= 256 && allowed.test(key) && allowed.test(value);
  return check('tags', textsOf(10, test), 'must be at most 10 tags of letters, digits, blanks and _.:/=+-@');
}

function textsOf(most: number, test: (key: string, value: string) => boolean): (value: unknown) => boolean {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value as Record<string, unknown>);
    return entries.length <= most && entries.every(([key, text]) => typeof text === 'string' && test(key, text));
  };
}

function sizeOf(texts: Texts): number {
  return Object.entries(texts).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
}
