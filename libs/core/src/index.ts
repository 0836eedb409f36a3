/**
 * The core of Longshore: words, rules, ports, the plugin contract and the wire protocol. Pure: it does no input or output and knows no
 * framework.
 *
 * - **job**: what a user submits: plugin, parameters, input, output, policies
 * - **object**, key, prefix: as in S3; a local folder uses the same words
 * - **batching**: deciding which objects go together
 * - **group**: objects that a job lists together, with values for their command; each is one task
 * - **task**: one batch of objects worked on together; the unit of leasing
 * - **attempt**: one try at a task, numbered from 1 within the task
 * - **lease**: a worker's exclusive, expiring right to one attempt; its **fence** is an integer that only rises
 * - **assignment**: a lease as it goes over the wire to the worker
 * - **heartbeat**: renews all leases of a worker in one request, and brings back orders
 * - **rescue**: take back an expired lease
 * - **dead letter**: a task out of attempts, kept with its inputs, reason and last log
 * - **worker**: one agent process; it has **slots**, one container each
 * - **fleet**: all workers of one kind, with a provider that can make more or fewer of them
 * - **drain**: finish what you have, or hand it back, and take no more
 * - **plugin**: knows one kind of job
 * - **workspace**: the scratch directory of one attempt, mounted into the container
 * - **token**: what a caller shows to be let in; its **role** says what it may do
 * - **manifest**: the outputs of one accepted attempt: name, size, checksum, and the object each came from
 * - **record**: what is left of a manifest beside the outputs, a line for each object, so that no later job does it again
 */
export * from './access/index.js';
export * from './batching/index.js';
export * from './errors/index.js';
export * from './groups/index.js';
export * from './invariants/index.js';
export * from './layout/index.js';
export * from './lifecycle/index.js';
export * from './news/index.js';
export * from './plugin/index.js';
export * from './ports/index.js';
export * from './run-end/index.js';
export * from './storage/index.js';
export * from './skipping/index.js';
export * from './tracing/index.js';
export * from './words/index.js';
