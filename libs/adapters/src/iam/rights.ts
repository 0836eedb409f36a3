/** Which requests each process sends to AWS, and which right each of them needs. */

/** Methods of the object store, with the requests each may send. A test compares them with the code of the adapter. */
export const requestsOf = {
  list: ['ListObjectsV2'],
  read: ['GetObject'],
  fetch: ['GetObject', 'HeadObject'],
  stage: ['CreateMultipartUpload', 'UploadPart', 'ListMultipartUploads', 'AbortMultipartUpload'],
  publish: ['CompleteMultipartUpload', 'HeadObject', 'ListObjectsV2', 'ListMultipartUploads'],
  canPublish: ['ListMultipartUploads', 'HeadObject', 'ListObjectsV2'],
  abandon: ['AbortMultipartUpload'],
  sweep: ['ListMultipartUploads', 'AbortMultipartUpload'],
} as const;

export type StoreMethod = keyof typeof requestsOf;
export type Process = 'orchestrator' | 'worker';

/** What each process does at each place. The orchestrator looks at outputs to skip what is done and to check that all is as promised. */
export const callsOf: Record<Process, { input: readonly StoreMethod[]; output: readonly StoreMethod[] }> = {
  orchestrator: {
    input: ['list'],
    output: ['list', 'read', 'stage', 'publish', 'canPublish', 'abandon', 'sweep'],
  },
  worker: { input: ['fetch'], output: ['stage', 'publish', 'abandon'] },
};

/** Whether a right is about the objects below a prefix, about their bucket, or about listing a prefix of it. */
export type Reach = 'objects' | 'bucket' | 'listing';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const storageRights: Record<string, { action: string; reach: Reach }> = {
  AbortMultipartUpload: { action: 's3:AbortMultipartUpload', reach: 'objects' },
  CompleteMultipartUpload: { action: 's3:PutObject', reach: 'objects' },
  CreateMultipartUpload: { action: 's3:PutObject', reach: 'objects' },
  GetObject: { action: 's3:GetObject', reach: 'objects' },
  HeadObject: { action: 's3:GetObject', reach: 'objects' },
  ListMultipartUploads: { action: 's3:ListBucketMultipartUploads', reach: 'bucket' },
  ListObjectsV2: { action: 's3:ListBucket', reach: 'listing' },
  UploadPart: { action: 's3:PutObject', reach: 'objects' },
};

/** Requests that are none of the object store's. */
export const otherRights: Record<string, string> = {
  GetParameter: 'ssm:GetParameter',
  PutParameter: 'ssm:PutParameter',
  SendRawEmail: 'ses:SendRawEmail',
  StopInstances: 'ec2:StopInstances',
  TerminateInstances: 'ec2:TerminateInstances',
};
