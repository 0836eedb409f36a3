export { Ec2Machine } from './ec2-machine.js';
export { SesNotifier, type MailAddresses } from './ses-notifier.js';
export { readSecretParameter } from './secret-parameter.js';
export { SsmDiscovery } from './ssm-discovery.js';
