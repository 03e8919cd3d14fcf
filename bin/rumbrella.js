#!/usr/bin/env node
// The launcher is plain JavaScript that any Node can read: it hands over to the pinned Node when the one that
// started it is too old to run TypeScript as it is.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 24;
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) {
  await import('../src/main.ts');
} else if (existsSync(pinned)) {
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
} else {
  process.stderr.write(
    `rumbrella: Node ${process.versions.node} was found, Node ${OLDEST_NODE} or later is needed; ` +
      'run `npm ci` in the project to get the pinned one\n',
  );
  process.exit(1);
}
