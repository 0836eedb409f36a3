export { jobPolicies, type JobPolicies, type PolicyQuestion } from './policies.js';
export type { Policy, TrustPolicy } from './policy-words.js';
