import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * `prepare`: `npm ci` builds the back office (about two seconds), so that `npm start` has it. Without development dependencies there is no
 * builder; then nothing is done, and the server says under `/app/` how to build. The new build takes the place of the old one at once, so a server that runs
 * never sees half of it.
 */
const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const isInstalled = (name: string): boolean => {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
};

const buildWeb = async (): Promise<void> => {
  // Under a test runner NODE_ENV is `test`, and the build would be one for developers, with the place of every element in its source.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  // Beside the place, since a rename does not leave its file system.
  const fresh = place(`web/.build/${process.pid}`);
  const old = `${fresh}-old`;
  await build({ configFile: place('web/vite.config.ts'), build: { outDir: fresh, emptyOutDir: true } });
  // There is none at first, and another build may have been quicker.
  await rename(place('web/dist'), old).catch(unless('ENOENT'));
  await rename(fresh, place('web/dist')).catch(unless('ENOTEMPTY', 'EEXIST', 'EPERM'));
  for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true });
};

const unless =
  (...codes: readonly string[]) =>
  (error: NodeJS.ErrnoException): void => {
    if (!codes.includes(error.code ?? '')) throw error;
  };

if (isInstalled('vite') && isInstalled('preact')) await buildWeb();
else process.stdout.write('the back office is not built: development dependencies are left out\n');
