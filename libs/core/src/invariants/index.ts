export type { Invariant, InvariantId } from './invariant.js';
export { brokenInvariants, invariants, lookAtJob, type Ground, type Violations } from './check-invariants.js';
export { outputDepths, type OutputDepth, type OutputOptions } from './visible-outputs.js';
