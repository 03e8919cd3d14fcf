import { fileURLToPath } from 'node:url';

/**
 * `prepare`: `npm ci` builds the back office (under a second), so that `npm start` has it. Without development dependencies there is no builder;
 * then nothing is done, and the server says under `/app/` how to build.
 */
const isInstalled = (name: string): boolean => {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
};

if (isInstalled('vite') && isInstalled('preact')) {
  const { build } = await import('vite');
  await build({ configFile: fileURLToPath(new URL('../web/vite.config.ts', import.meta.url)) });
} else process.stdout.write('the back office is not built: development dependencies are left out\n');
