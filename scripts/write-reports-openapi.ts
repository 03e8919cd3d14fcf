import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DESCRIBED } from '../src/modules/reports/module.ts';
import { describeReports } from '../src/modules/reports/openapi/describe.ts';

/**
 * Writes `docs/reference/reports-openapi.json` from the schemas of the reports. `--check` fails when the file on disk is not what would be written.
 */
const path = fileURLToPath(new URL('../docs/reference/reports-openapi.json', import.meta.url));
const text = `${JSON.stringify(describeReports(DESCRIBED), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    process.stderr.write(
      'docs/reference/reports-openapi.json is not up to date: node scripts/write-reports-openapi.ts\n',
    );
    process.exit(1);
  }
} else writeFileSync(path, text);
