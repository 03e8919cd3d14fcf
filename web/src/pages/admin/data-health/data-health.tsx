import type { HealthAnswer, MigrationLine, QuarantineLine } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { Message } from '../../../parts/message.tsx';
import { formatAgo, formatBytes, formatCount, formatMoment, NOTHING } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useRequest } from '../../../state/use-request.ts';
import { ActionError } from '../parts/action-error.tsx';
import { useAction } from '../parts/use-action.ts';
import { useHome } from '../parts/use-home.ts';
import { usePolled } from '../parts/use-polled.ts';
import { DemoDataPanel } from './demo-data-panel.tsx';
import { ExpiredPanel } from './expired-panel.tsx';
import { FunnelPanel } from './funnel-panel.tsx';
import { StatusCards } from './status-cards.tsx';
import { UnclaimedPanel } from './unclaimed-panel.tsx';
import '../parts/admin.css';

const LOOK_EVERY_MS = 5_000;

/** Whether beacons arrive and become rows, and what to do about those that do not. */
export const DataHealth = () => {
  const home = useHome();
  const asked = useRequest(operations.health(home?.id));
  const isForbidden = asked.error?.kind === 'forbidden';
  usePolled(asked, !isForbidden, LOOK_EVERY_MS);
  return (
    <div class="admin-page">
      <PageTitle
        title="Data health"
        note="Whether beacons arrive and become rows. It looks again every few seconds."
      />
      <Shown asked={asked} height="480px">
        {(health) => (
          <div class="admin-page">
            <StatusCards health={health} />
            <Lagging health={health} />
            <FunnelPanel health={health} />
            <ExpiredPanel lines={health.expired} reload={asked.reload} />
          </div>
        )}
      </Shown>
      {!isForbidden && <UnclaimedPanel />}
      {asked.data !== undefined && (
        <div class="panels">
          <Migrations lines={asked.data.migrations} reload={asked.reload} />
          <ArchiveSizes archive={asked.data.archive} />
        </div>
      )}
      {!isForbidden && <Quarantine />}
      {!isForbidden && <DemoDataPanel />}
    </div>
  );
};

const Lagging = ({ health: { loader, at } }: { readonly health: HealthAnswer }) => {
  if (loader.lagging.length === 0) return null;
  return (
    <Message kind="warning" title="The rows of some organizations wait; those of all others go on">
      <ul class="admin-list">
        {loader.lagging.map(({ tenant, since, reason, attempts, pending }) => (
          <li key={tenant}>
            <b>{tenant}</b>: {formatCount(pending)} beacons since {formatAgo(since, Date.parse(at))}, tried{' '}
            {formatCount(attempts)} times: {reason}
          </li>
        ))}
      </ul>
    </Message>
  );
};

const Migrations = ({
  lines,
  reload,
}: {
  readonly lines: readonly MigrationLine[];
  readonly reload: () => void;
}) => {
  const action = useAction();
  const retry = async (tenant: string): Promise<void> => {
    const path = `/operations/migrations/${encodeURIComponent(tenant)}`;
    const answer = await action.send<{ state: string; error: string }>('POST', path, {});
    if (answer !== undefined) reload();
  };
  return (
    <Panel title="Tables" note="Which shape the tables of each organization have.">
      <ActionError error={action.error} />
      {lines.length === 0 ? (
        <p class="panel-empty">No organization sends beacons, or the warehouse does not answer.</p>
      ) : (
        <Table
          caption="Migrations of each organization"
          rows={lines}
          keyOf={({ tenant }) => tenant}
          columns={[
            { id: 'tenant', title: 'Organization', cell: ({ tenant }) => tenant },
            {
              id: 'state',
              title: 'State',
              cell: ({ state, error, last }) => (
                <span>
                  <Tag kind={TAGS[state]}>{STATE_WORDS[state]}</Tag>
                  {state !== 'ready' && last !== '' && <span class="admin-note"> after {last}</span>}
                  {error !== '' && <span class="admin-note"> {error}</span>}
                </span>
              ),
            },
            {
              id: 'at',
              title: 'Applied',
              isNumber: true,
              cell: ({ at }) => (at === null ? NOTHING : formatMoment(at)),
            },
            {
              id: 'retry',
              title: '',
              isNumber: true,
              cell: ({ tenant, state }) =>
                state === 'ready' ? null : (
                  <Button isBusy={action.isBusy} onClick={() => void retry(tenant)}>
                    Try now
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
};

const TAGS = { ready: 'good', pending: 'warning', none: 'plain', failed: 'trouble' } as const;
const STATE_WORDS = {
  ready: 'up to date',
  pending: 'steps to come',
  none: 'none yet',
  failed: 'failed',
} as const;

const ArchiveSizes = ({ archive }: { readonly archive: HealthAnswer['archive'] }) => (
  <Panel
    title="Archive"
    note={
      archive.at === null
        ? 'Being counted.'
        : `Every beacon, as files. Counted at ${formatMoment(archive.at)} UTC.`
    }
  >
    {archive.folders.length === 0 ? (
      <p class="panel-empty">No files yet.</p>
    ) : (
      <Table
        caption="Folders of the archive"
        rows={archive.folders}
        keyOf={({ folder }) => folder}
        columns={[
          { id: 'folder', title: 'Folder', cell: ({ folder }) => folder },
          { id: 'files', title: 'Files', isNumber: true, cell: ({ files }) => formatCount(files) },
          { id: 'bytes', title: 'Size', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
        ]}
      />
    )}
  </Panel>
);

const Quarantine = () => {
  const asked = useRequest(operations.quarantine(useHome()?.id));
  return (
    <Panel
      title="Quarantine"
      note="Beacons that the warehouse refused, with its reason. They are in the archive as well, so a replay brings them back when the reason is gone."
    >
      <Shown
        asked={asked}
        height="80px"
        isEmpty={({ beacons }) => beacons.length === 0}
        empty={<p class="panel-empty">Nothing is in quarantine.</p>}
      >
        {({ beacons, files }) => (
          <>
            <p class="admin-note">
              {formatCount(files.length)} files,{' '}
              {formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))}. The newest beacons:
            </p>
            <Table<QuarantineLine>
              caption="Beacons in quarantine"
              rows={beacons}
              keyOf={({ segment, offset, tenant }) => `${tenant} ${segment} ${offset}`}
              columns={[
                { id: 'tenant', title: 'Organization', cell: ({ tenant }) => tenant },
                {
                  id: 'received',
                  title: 'Received',
                  cell: ({ receivedAt }) => (receivedAt === null ? NOTHING : formatMoment(receivedAt)),
                },
                { id: 'address', title: 'Page', cell: ({ address }) => address || NOTHING },
                { id: 'code', title: 'Code', cell: ({ code }) => code },
                { id: 'reason', title: 'Reason', cell: ({ reason }) => reason },
              ]}
            />
          </>
        )}
      </Shown>
    </Panel>
  );
};
