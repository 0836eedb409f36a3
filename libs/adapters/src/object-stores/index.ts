export { RoutedObjectStore } from './routed-object-store.js';
