import { describe } from '@jest/globals';
import { deskContract } from '../testing/desk-contract.js';
import { SingleRequests } from './single-requests.js';
import { TurnDesk } from './turn-desk.js';

describe('a desk that speaks in turns', () => deskContract((tools) => new TurnDesk(tools)));

describe('a desk that says each thing alone', () => deskContract((tools) => new SingleRequests(tools)));
