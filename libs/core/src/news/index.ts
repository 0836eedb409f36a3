export * from './news.js';
export * from './facts.js';
export * from './job-news.js';
export * from './waiting-work.js';
export * from './examples.js';
