/** Requests that may be repeated. */
import { Module } from '@nestjs/common';
import { Answers } from './answers.js';
import { ReceiptKeeper } from './receipt-keeper.js';

@Module({ providers: [Answers, ReceiptKeeper], exports: [Answers] })
export class RequestsModule {}
