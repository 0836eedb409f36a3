/** Checks the body of a turn: by hand what is right, as nearly every turn is; whatever else by its class, which names what is wrong. */
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isPlainTurn, TurnRequest } from '@longshore/core/protocol';
import { lenientRequest } from '../http/request-validation.js';

@Injectable()
export class TurnValidation implements PipeTransform<unknown, Promise<TurnRequest>> {
  async transform(body: unknown, metadata: ArgumentMetadata): Promise<TurnRequest> {
    if (isPlainTurn(body)) return body;
    return (await lenientRequest.transform(body, { ...metadata, metatype: TurnRequest })) as TurnRequest;
  }
}
