/** How a job says where its S3 is, and how its outputs are stored there. */
import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { encryptionTypes, outputAcls, storageClasses, type StorageSettings } from '../storage/storage-settings.js';
import { IsContentTypes, IsEndpoint, IsObjectMetadata, IsObjectTags } from './storage-validators.js';

export class RoleMessage {
  @Matches(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/, {
    message: '$property must be the ARN of a role, such as arn:aws:iam::123456789012:role/reader',
  })
  arn!: string;
  @IsOptional() @Matches(/^[\w+=,.@:/-]{2,1224}$/) externalId?: string;
}

export class EncryptionMessage {
  @IsIn(encryptionTypes) type!: (typeof encryptionTypes)[number];
  @IsOptional() @Matches(/^[\x21-\x7e]{1,2048}$/) key?: string;
  @IsOptional() @IsBoolean() bucketKey?: boolean;
}

export class InputStorageMessage {
  /** A part of a host name, and so nothing but a word. */
  @IsOptional() @Matches(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/) region?: string;
  @IsOptional() @IsEndpoint() endpoint?: string;
  @IsOptional() @IsBoolean() pathStyle?: boolean;
  @IsOptional() @IsBoolean() requesterPays?: boolean;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => RoleMessage) role?: RoleMessage;
}

export class OutputStorageMessage extends InputStorageMessage {
  @IsOptional() @IsObject() @ValidateNested() @Type(() => EncryptionMessage) encryption?: EncryptionMessage;
  @IsOptional()
  @IsIn(storageClasses, {
    message: `$property must be one of ${storageClasses.join(', ')}; for an archive use a lifecycle rule of the bucket`,
  })
  storageClass?: (typeof storageClasses)[number];
  /** Content types by patterns of names: `{"*.ome.tif": "image/tiff"}`. */
  @IsOptional() @IsContentTypes() contentTypes?: Record<string, string>;
  @IsOptional() @IsObjectMetadata() metadata?: Record<string, string>;
  @IsOptional() @IsObjectTags() tags?: Record<string, string>;
  @IsOptional() @IsIn(outputAcls) acl?: (typeof outputAcls)[number];
}

export class StorageMessage {
  @IsOptional() @IsObject() @ValidateNested() @Type(() => InputStorageMessage) input?: InputStorageMessage;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => OutputStorageMessage) output?: OutputStorageMessage;
}

/** What was said, as plain data; undefined where nothing was. */
export function storageSettings(message: InputStorageMessage | undefined): StorageSettings | undefined {
  // Validation leaves fields that are undefined on the instance.
  const given = JSON.parse(JSON.stringify(message ?? {})) as StorageSettings;
  return Object.keys(given).length > 0 ? given : undefined;
}
