import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Text smaller than this is sent as it is. */
const SMALLEST_BYTES = 512;

/** Writes `.br` and `.gz` beside what can be compressed, so that the server compresses nothing. */
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [fileName, output] of Object.entries(bundle)) {
        const bytes = Buffer.from(output.type === 'chunk' ? output.code : output.source);
        if (bytes.length < SMALLEST_BYTES || !/\.(?:js|css|html|svg|json)$/.test(fileName)) continue;
        const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotli });
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(bytes, { level: 9 }) });
      }
    },
  },
});

/**
 * The script before the first paint gets a name with a hash of its content, as all others have: browsers then keep it, instead of asking
 * whether it is still the same while nothing else may run.
 */
const keepTheme = (): Plugin => {
  const source = readFileSync(fromRoot('web/public/theme.js'));
  const fileName = `assets/theme-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.js`;
  return {
    name: 'keep-theme',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace('/app/theme.js', `/app/${fileName}`),
    },
  };
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/app/',
  logLevel: 'warn',
  resolve: {
    alias: {
      '#vitals': fromRoot('src/vitals/index.ts'),
      '#reports': fromRoot('src/modules/reports/contract.ts'),
    },
  },
  // The automatic runtime, as tsconfig.json says for types.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    // A file in data: would need a wider content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Compressing takes longest, as it should.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  plugins: [keepTheme(), precompress()],
  server: {
    // `npm run dev -w web` shows pages as they are edited; everything else is asked of a running Rumbrella.
    proxy: { '^/(?!app/)': process.env['RUMBRELLA_URL'] ?? 'http://localhost:8080' },
  },
});
