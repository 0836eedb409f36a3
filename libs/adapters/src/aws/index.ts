export { Ec2Machine } from './ec2-machine.js';
