// The back office as files: what the build of web/ left, under /app/.
export { createWebFiles, type InstanceFacts, redirectToWeb, WEB_PREFIX } from './web-files.ts';
