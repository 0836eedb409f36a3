import { MemoryScratch } from './memory-scratch.js';
import { scratchContract } from './scratch-contract.js';

scratchContract('MemoryScratch', () => new MemoryScratch());
