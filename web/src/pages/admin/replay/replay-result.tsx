import type { ReplayJob } from '#operations';
import { Message } from '../../../parts/message.tsx';
import { formatBytes, formatCount } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { reasonWords } from '../data-health/reason-words.ts';
import { ProgressBar } from '../parts/progress-bar.tsx';

/** How far a replay is; nothing when it is over. */
export const ReplayProgressBar = ({ job }: { readonly job: ReplayJob }) => {
  if (job.state !== 'running') return null;
  const { bytes, totalBytes, beacons, current } = job.progress;
  return (
    <ProgressBar
      done={bytes}
      total={totalBytes}
      words={`${job.dryRun ? 'Counting' : 'Replaying'}: ${formatBytes(bytes)} of ${formatBytes(totalBytes)}, ${formatCount(beacons)} beacons${current === '' ? '' : `, at ${current}`}`}
    />
  );
};

/** What a replay did, or would do. */
export const ReplayResultText = ({ job }: { readonly job: ReplayJob }) => {
  if (job.state === 'failed')
    return (
      <Message kind="trouble" title="The replay failed">
        {job.error}. What is in the tables stays; it can be begun again at any time.
      </Message>
    );
  const { result } = job;
  if (result === null) return null;
  return (
    <div class="admin-form">
      <p>
        {formatCount(result.read)} beacons were read.
        {result.stopped && ' It was stopped before its end; begun again, it goes on from there.'}
        {result.badLines > 0 && ` ${formatCount(result.badLines)} lines could not be read.`}
      </p>
      {result.tenants.length > 0 && (
        <Table
          caption={job.dryRun ? 'What a replay would do' : 'What the replay did'}
          rows={result.tenants}
          keyOf={({ tenant }) => tenant}
          columns={[
            { id: 'tenant', title: 'Organization', cell: ({ tenant }) => tenant },
            {
              id: 'inserted',
              title: job.dryRun ? 'Would become rows' : 'Became rows',
              isNumber: true,
              cell: ({ inserted }) => formatCount(inserted),
            },
            {
              id: 'existing',
              title: 'Rows already',
              isNumber: true,
              cell: ({ existing }) => formatCount(existing),
            },
            {
              id: 'notAccepted',
              title: 'Not accepted',
              isNumber: true,
              cell: ({ notAccepted }) => formatCount(notAccepted),
            },
            {
              id: 'quarantined',
              title: 'Quarantined',
              isNumber: true,
              cell: ({ quarantined }) => formatCount(quarantined),
            },
          ]}
        />
      )}
      {result.left.length > 0 && (
        <div>
          <p>Beacons that stay where they are:</p>
          <ul class="admin-list">
            {result.left.map(({ reason, count }) => (
              <li key={reason}>
                {formatCount(count)} {reasonWords(reason)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
};
