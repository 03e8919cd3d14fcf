import type { HealthAnswer } from '#operations';
import { formatAgo, formatBytes, formatCount, formatDuration } from '../../../parts/numbers.ts';
import { Card } from './status-card.tsx';
import './status-cards.css';

/** How the parts are, one card each. */
export const StatusCards = ({ health }: { readonly health: HealthAnswer }) => {
  const now = Date.parse(health.at);
  const { loader, journal, warehouse, usersMap } = health;
  const isBehind = loader.lagSeconds > 60 || loader.lagging.length > 0;
  return (
    <ul class="status-cards">
      <Card
        title="Loader"
        kind={
          loader.state === 'running'
            ? isBehind
              ? 'warning'
              : 'good'
            : loader.state === 'down'
              ? 'trouble'
              : 'warning'
        }
        words={loader.state !== 'running' ? loader.state : isBehind ? 'behind' : 'up to date'}
      >
        {loader.reason !== '' ? (
          loader.reason
        ) : (
          <>
            {loader.lagSeconds < 1
              ? 'Nothing waits'
              : `The oldest waiting beacon is ${formatDuration(loader.lagSeconds * 1_000)} old`}
            {loader.savedAt !== null && `, checkpoint ${formatAgo(loader.savedAt, now)}`}
            {loader.lookingAgain &&
              ', looking again at rows of before a restart of the server or the machine'}
            {loader.migrating !== null &&
              `, tables of ${formatCount(loader.migrating.done)} of ${formatCount(loader.migrating.total)} organizations migrated`}
            .
          </>
        )}
      </Card>
      <Card
        title="Journal"
        kind={journal.available === false ? 'trouble' : 'good'}
        words={
          journal.available === false ? 'refuses' : journal.available === null ? 'elsewhere' : 'takes beacons'
        }
      >
        {formatBytes(journal.bytes)} in {formatCount(journal.segments)} segments,{' '}
        {loader.pendingBytes === 0
          ? 'all of it loaded'
          : `${formatBytes(loader.pendingBytes)} not loaded yet`}
        .
      </Card>
      <Card
        title="Warehouse"
        kind={warehouse.up ? 'good' : 'trouble'}
        words={warehouse.up ? 'answers' : 'does not answer'}
      >
        {warehouse.up
          ? `${warehouse.kind === 'embedded' ? 'Embedded ClickHouse' : 'ClickHouse'} ${warehouse.version}`
          : warehouse.reason}
        {warehouse.restarts !== null &&
          warehouse.restarts > 0 &&
          `, started again ${warehouse.restarts} times`}
        {warehouse.up && '.'}
        {!warehouse.up && ' Beacons are kept in the journal meanwhile.'}
      </Card>
      <Card
        title="Users map"
        kind={usersMap.valid ? 'good' : 'trouble'}
        words={usersMap.valid ? 'in force' : `${usersMap.problems.length} problems`}
      >
        {usersMap.valid
          ? `Read ${formatAgo(usersMap.loadedAt, now)}.`
          : `The one of ${formatAgo(usersMap.loadedAt, now)} stays in force; Organizations says what is wrong.`}
      </Card>
      <RollUp rollup={health.rollup} />
    </ul>
  );
};

/** How far page views are put together for the reports; nothing where another process does it. */
const RollUp = ({ rollup }: { readonly rollup: HealthAnswer['rollup'] }) => {
  const of = (name: string): number =>
    rollup.filter((figure) => figure.name === name).reduce((sum, { value }) => sum + value, 0);
  if (rollup.length === 0) return null;
  const [hours, lag, failures] = [of('pending_hours'), of('lag_seconds'), of('failures_total')];
  return (
    <Card
      title="Roll-up"
      kind={lag > 7_200 || failures > 0 ? 'warning' : 'good'}
      words={hours === 0 ? 'up to date' : 'at work'}
    >
      {hours === 0
        ? 'Page views of all whole hours are put together for the reports'
        : `${formatCount(hours)} hours of page views are still to be put together; reports compute them meanwhile`}
      {lag > 0 && `, ${formatDuration(lag * 1_000)} behind`}
      {failures > 0 && `, ${formatCount(failures)} tries failed`}.
    </Card>
  );
};
