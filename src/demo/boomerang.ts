import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Plugins in the order of Boomerang's own "cutting-edge" flavour, which is what Basic RUM ships, with AutoXHR, SPA, History
 * and Errors added so that the demo shows every kind of beacon.
 */
const PLUGINS = [
  'continuity',
  'auto-xhr',
  'spa',
  'history',
  'rt',
  'painttiming',
  'navtiming',
  'restiming',
  'mobile',
  'memory',
  'compression',
  'errors',
  'mq',
  'eventtiming',
  'bfcache',
] as const;

/**
 * The real Boomerang as one script: the core of the npm package `boomerangjs` followed by the plugins. A page sets
 * `BOOMR_CONFIG` first; the last line hands it to `BOOMR.init`.
 */
export const bundleBoomerang = async (): Promise<string> => {
  const manifest = createRequire(import.meta.url).resolve('boomerangjs/package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const files = ['boomerang.js', ...PLUGINS.map((name) => `plugins/${name}.js`)];
  const sources = await Promise.all(files.map((file) => readFile(join(dirname(manifest), file), 'utf8')));
  const core = (sources[0] ?? '').replaceAll('%boomerang_version%', version);
  return [core, ...sources.slice(1), 'BOOMR.init(window.BOOMR_CONFIG);'].join('\n;\n');
};
