export { LogNotifier } from './log-notifier.js';
export { webhookBody, WebhookNotifier, type WebhookTarget } from './webhook-notifier.js';
export { readSecrets } from './webhook-signature.js';
