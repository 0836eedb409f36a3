/** What the object says that describes the configured job: the fields of the original system's `config.json`. */
import 'reflect-metadata';
import { describeErrors, LongshoreError, messageOf } from '@longshore/core';
import { plainToInstance } from 'class-transformer';
import { IsOptional, IsString, Length, MaxLength, validateSync } from 'class-validator';

/** Far more than four names need; what is larger is something else. */
export const mostBytes = 65_536;

export class JobDescription {
  @IsString() @Length(3, 63) input_bucket!: string;
  @IsString() @MaxLength(1_024) input_prefix: string = '';
  @IsString() @Length(3, 63) output_bucket!: string;
  @IsString() @MaxLength(1_024) output_prefix: string = 'processed';
  /** Any name; with another one the same description is another job. */
  @IsOptional() @IsString() @Length(1, 100) run?: string;
}

/**
 * @param url of the object, for people
 * @throws LongshoreError `invalid-configuration`
 */
export function readDescription(bytes: Uint8Array, url: string): JobDescription {
  const value = parse(bytes, url);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(url, 'holds no JSON object');
  const description = plainToInstance(JobDescription, value);
  const errors = validateSync(description, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false },
  });
  if (errors.length > 0) throw refused(url, `is wrong: ${describeErrors(errors)}`);
  return description;
}

function parse(bytes: Uint8Array, url: string): unknown {
  try {
    // A byte order mark, as some editors write it, is left out.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    throw refused(url, `is no JSON: ${messageOf(thrown)}`);
  }
}

export function refused(url: string, what: string): LongshoreError {
  return new LongshoreError('invalid-configuration', `${url} ${what}.`, {
    remedy:
      'It needs input_bucket and output_bucket, and may say input_prefix (all of the bucket), output_prefix ("processed") and run.',
  });
}
