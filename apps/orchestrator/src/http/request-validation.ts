/** Checks bodies and queries against their classes, with every fault named. */
import { ValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { describeErrors, fieldFaults, LongshoreError } from '@longshore/core';
import { readPlainRequest } from '@longshore/core/protocol';

/** For people and programs: a field nobody knows is a mistake that is told. */
export const strictRequest = requestValidation({ forbidNonWhitelisted: true });

/** For workers, which may be of another version: a field nobody knows is left out. */
export const lenientRequest = requestValidation({ forbidNonWhitelisted: false });

/** The same for requests that come thousands of times a second: what is plainly right, as nearly all of them are, is let through as it is. */
export const frequentRequest: PipeTransform<unknown, unknown> = {
  transform: (value: unknown, metadata: ArgumentMetadata) =>
    readPlainRequest(metadata.metatype, value) ?? (lenientRequest.transform(value, metadata) as Promise<unknown>),
};

function requestValidation({ forbidNonWhitelisted }: { forbidNonWhitelisted: boolean }): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted,
    exceptionFactory: (errors) =>
      new LongshoreError('invalid-request', `The request is wrong: ${describeErrors(errors)}.`, {
        fields: fieldFaults(errors),
      }),
  });
}
