export { logFormats, logLevels, ProcessLog, type LogFormat, type LogLevel, type LogOptions } from './process-log.js';
