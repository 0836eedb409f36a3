export { AwsProxy, type AskedRequest, type Interference, type SentMail } from './aws-proxy.js';
export { MotoServer } from './moto-server.js';
export { PrivateEngine } from './private-engine.js';
export { anInstance, MetadataServer } from './metadata-server.js';
export { freePort } from './free-port.js';
export { LoopbackServer, serveOnLoopback } from './loopback-server.js';
export { FaultServer, s3Fault, type Asked, type FaultAnswer } from './fault-server.js';
export { TraceReceiver, type ReceivedSpan } from './trace-receiver.js';
