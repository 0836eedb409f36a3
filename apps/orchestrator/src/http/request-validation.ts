/** Checks bodies and queries against their classes, with every fault named. */
import { ValidationPipe } from '@nestjs/common';
import { describeErrors, fieldFaults, LongshoreError } from '@longshore/core';

/** For people and programs: a field nobody knows is a mistake that is told. */
export const strictRequest = requestValidation({ forbidNonWhitelisted: true });

/** For workers, which may be of another version: a field nobody knows is left out. */
export const lenientRequest = requestValidation({ forbidNonWhitelisted: false });

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
