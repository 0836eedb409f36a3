/** How workers find this orchestrator. */
import { Module } from '@nestjs/common';
import { AddressPublisher } from './address-publisher.js';
import { OwnAddress } from './own-address.js';

@Module({ providers: [AddressPublisher, OwnAddress] })
export class DiscoveryModule {}
