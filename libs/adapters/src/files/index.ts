export { openRegular } from './open-regular.js';
