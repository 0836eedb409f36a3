export { NewsTemplates } from './news-templates.js';
