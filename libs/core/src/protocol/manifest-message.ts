/** The manifest as a worker reports it: checked field by field, because a worker may be wrong. */
import 'reflect-metadata';
import { plainToInstance, Type } from 'class-transformer';
import {
  IsArray,
  IsDefined,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
  validateSync,
} from 'class-validator';
import { LongshoreError } from '../errors/longshore-error.js';
import { describeErrors } from '../plugin/params.js';
import { isPlainManifest } from './plain-shapes.js';
import type { ReportedManifest } from '../words/manifest.js';

class StagedOutputMessage {
  @IsString() @MaxLength(4_096) name!: string;
  @IsInt() @Min(0) sizeBytes!: number;
  @Matches(/^[0-9a-f]{64}$/) sha256!: string;
  @IsString() @MaxLength(8_192) token!: string;
}

class ManifestEntryMessage {
  @IsOptional() @IsString() @MaxLength(4_096) objectKey?: string;
  @IsOptional() @IsString() @MaxLength(255) etag?: string;
  @IsDefined()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StagedOutputMessage)
  outputs!: StagedOutputMessage[];
  @IsOptional() @IsObject() record?: Record<string, unknown>;
}

class ManifestMessage implements ReportedManifest {
  @IsDefined()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ManifestEntryMessage)
  entries!: ManifestEntryMessage[];
  @IsString() @MaxLength(255) imageDigest!: string;
  @IsString() @MaxLength(100) pluginVersion!: string;
  @IsInt() exitCode!: number;
  @IsNumber() @Min(0) durationMs!: number;
}

/** @throws LongshoreError `invalid-request` */
export function readManifest(details: Record<string, unknown> | undefined): ReportedManifest {
  if (isPlainManifest(details?.manifest)) return details.manifest;
  const message = plainToInstance(ManifestMessage, details?.manifest ?? {});
  const errors = validateSync(message, { whitelist: true });
  if (errors.length === 0) return message;
  throw new LongshoreError('invalid-request', `The manifest in the report is wrong: ${describeErrors(errors)}.`, {
    remedy: 'Run a worker of the same version as the orchestrator.',
  });
}

/** What an attempt that ended early has finished; nothing where the worker says nothing of it. @throws LongshoreError `invalid-request` */
export function readKept(details: Record<string, unknown> | undefined): ReportedManifest | undefined {
  return details?.manifest === undefined ? undefined : readManifest(details);
}
