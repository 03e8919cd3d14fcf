import Table from 'cli-table3';
import type { LeftReason, ReplayReport } from '#archive';

/** The report for a person. */
export const reportText = (report: ReplayReport, isDryRun: boolean): string => {
  const table = new Table({
    head: [
      'organization',
      isDryRun ? 'would be inserted' : 'inserted',
      'already there',
      'not accepted',
      'quarantined',
    ],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [tenant, { inserted, existing, refused, quarantined }] of [...report.tenants].toSorted(byName))
    table.push([tenant, ...[inserted, existing, refused, quarantined].map(counted)]);
  const lines = [
    `${counted(report.read)} beacons read${report.skippedDays === 0 ? '' : `, ${counted(report.skippedDays)} files or days were done before`}`,
    ...(report.read + report.badLines === 0 && report.skippedDays === 0
      ? ['There are no files with beacons in this place and range.']
      : []),
    ...(report.tenants.size === 0 ? [] : [table.toString()]),
    ...LEFT.filter(({ why }) => report.left[why] > 0).map(
      ({ why, text }) => `${counted(report.left[why]).padStart(12)}  ${text}`,
    ),
    ...badText(report),
    ...(report.stopped ? ['Stopped before the end. The same command goes on from here.'] : []),
    ...(isDryRun ? ['Nothing was changed (--dry-run).'] : []),
  ];
  return `${lines.join('\n')}\n`;
};

/** The report for a program. */
export const reportJson = (report: ReplayReport, isDryRun: boolean): string =>
  `${JSON.stringify({ dry_run: isDryRun, ...report, tenants: Object.fromEntries(report.tenants) }, null, 2)}\n`;

const LEFT: readonly { readonly why: LeftReason; readonly text: string }[] = [
  { why: 'unknown', text: 'stay: no organization has their trace' },
  { why: 'expired', text: 'stay: their organization is expired' },
  { why: 'removed', text: 'stay: their organization has left the users map' },
  { why: 'in_journal', text: 'are left to the loader, which has them still to load' },
  { why: 'repeated', text: 'are there a second time (a day in two forms)' },
  { why: 'not_selected', text: 'were not asked for' },
];

const badText = ({
  badLines,
  badExamples,
  unfinished,
  unmarked,
  ignored,
}: ReplayReport): readonly string[] => [
  ...(badLines === 0 ? [] : [`${counted(badLines).padStart(12)}  could not be read:`]),
  ...badExamples.map(
    ({ file, line, reason }) => `              ${line === 0 ? file : `${file}:${line}`}: ${reason}`,
  ),
  ...(unfinished === 0
    ? []
    : [`${counted(unfinished).padStart(12)}  have no end yet (being written, or cut off)`]),
  ...(unmarked === 0
    ? []
    : [
        `${counted(unmarked).padStart(12)}  carry a member "rumbrella" that was not believed: if the folder is a copy of an archive of\n` +
          '              Rumbrella, use --own; if it comes from anybody else, do not',
      ]),
  ...(ignored.length === 0
    ? []
    : [`Links and special files that were not followed: ${ignored.slice(0, 5).join(', ')}`]),
];

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const counted = (count: number): string => count.toLocaleString('en');
