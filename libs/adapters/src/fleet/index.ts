export { LocalFleetProvider, type LocalFleetPlace } from './local-fleet-provider.js';
