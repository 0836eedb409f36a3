export { SystemClock } from './system-clock.js';
export { SystemChance } from './system-chance.js';
