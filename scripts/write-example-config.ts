import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { listSettings } from '#config';

/**
 * Writes `rumbrella.example.yaml` from the schema: every key with its meaning, commented out at its default. `--check` fails when the file on disk
 * is not what would be written.
 */
const path = fileURLToPath(new URL('../rumbrella.example.yaml', import.meta.url));

const lines = [
  '# Rumbrella: every key at its default. Copy to rumbrella.yaml and remove the # of what you change.',
  '# Each key is also an environment variable, named on its right.',
  '',
];
let section = '';
for (const { path: key, env, description, defaultValue } of listSettings()) {
  const [group, name] = key.includes('.') ? (key.split('.') as [string, string]) : ['', key];
  if (group !== section) lines.push('', `#${group}:`);
  section = group;
  const indent = group === '' ? '' : '  ';
  if (description !== '') lines.push(`#${indent}# ${description}`);
  const value = stringify(defaultValue, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  lines.push(`#${indent}${name}: ${value}  # ${env}`);
}
const text = `${lines.join('\n')}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write('rumbrella.example.yaml is not up to date: node scripts/write-example-config.ts\n');
    process.exit(1);
  }
} else writeFileSync(path, text);
