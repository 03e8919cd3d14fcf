import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * `npm run test:long`: the property tests with 100,000 random worlds for each property, every report with 10,000 random questions against an
 * obvious calculation from raw rows, and the fault tests with a thousand rounds of random kills. Many hours on two cores; `npm test` runs the
 * same tests in their short form. Ends with the code of the part that failed.
 */
const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '100000' },
    questions: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '1000' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const PARTS = {
  property: ['test/property'],
  reports: ['test/integration/reports/raw-rows', 'test/integration/reports/smooth-visits'],
  fault: ['test/fault'],
} as const;

if (values.help || (values.only !== undefined && !(values.only in PARTS))) {
  process.stdout.write(
    'npm run test:long -- [--only property|reports|fault] [--worlds 100000] [--questions 10000] [--rounds 1000]\n' +
      '  --worlds     random worlds for each property; of the gateway, where each is a handful of HTTP requests, too\n' +
      '  --questions  random questions to each report, answered anew from raw rows\n' +
      '  --rounds     rounds of random kills and faults\n',
  );
  process.exit(values.help ? 0 : 2);
}

/** A bound for what hangs: a day. */
const DAY_MS = 86_400_000;
let failed = 0;
for (const [name, folders] of Object.entries(PARTS)) {
  if (values.only !== undefined && values.only !== name) continue;
  const { status } = spawnSync('vitest', ['run', `--testTimeout=${DAY_MS}`, ...folders], {
    stdio: 'inherit',
    env: {
      ...process.env,
      RUMBRELLA_PROPERTY_RUNS: values.worlds,
      RUMBRELLA_GATEWAY_RUNS: values.worlds,
      RUMBRELLA_REPORT_RUNS: values.questions,
      RUMBRELLA_FAULT_ROUNDS: values.rounds,
    },
  });
  failed = failed || (status ?? 1);
}
process.exit(failed);
