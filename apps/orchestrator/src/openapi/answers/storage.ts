/** How the S3 of one location is reached, as answers tell it. */
import {
  encryptionTypes,
  outputAcls,
  storageClasses,
  type AssumedRole,
  type StorageEncryption,
  type StorageSettings,
} from '@longshore/core';
import { each, fields, maybe, oneOf, text, truth, type Described } from '../schema-words.js';

/** Whatever the names are, each value is a text. */
const texts: Described<Record<string, string>> = {
  schema: { ...each([], text()).schema, additionalProperties: { type: 'string' } },
};

export const storageSettings = fields<StorageSettings>({
  region: maybe(text()),
  endpoint: maybe(text()),
  pathStyle: maybe(truth),
  requesterPays: maybe(truth),
  role: maybe(fields<AssumedRole>({ arn: text(), externalId: maybe(text()) })),
  encryption: maybe(
    fields<StorageEncryption>({ type: oneOf(encryptionTypes), key: maybe(text()), bucketKey: maybe(truth) }),
  ),
  storageClass: maybe(oneOf(storageClasses)),
  contentTypes: maybe(texts),
  acl: maybe(oneOf(outputAcls)),
  metadata: maybe(texts),
  tags: maybe(texts),
});
