import type { OwnHealthAnswer } from '#operations';
import { ownOrganization } from '../../api/operations.ts';
import { formatAgo, formatCount, formatDay, formatDuration } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useRequest } from '../../state/use-request.ts';
import { FunnelPanel } from '../admin/data-health/funnel-panel.tsx';
import { Card } from '../admin/data-health/status-card.tsx';
import { useHome } from '../admin/parts/use-home.ts';
import '../admin/parts/admin.css';
import './own-data.css';

/** What became of one's own organization's beacons, for its administrators. */
export const OwnData = () => {
  const home = useHome();
  const asked = useRequest(ownOrganization.health(home?.id));
  return (
    <div class="admin-page">
      <PageTitle
        title="Incoming data"
        note={`What became of the beacons of ${home?.name ?? 'your organization'}, from the browser to the row.`}
      />
      <Shown asked={asked} height="240px">
        {(health) => (
          <div class="admin-page">
            <Arrival health={health} />
            <FunnelPanel
              health={{
                countingSince: health.countingSince,
                funnel: [{ destination: health.tenant, ...health.beacons }],
              }}
            />
            <Panel title="What the words mean">
              <dl class="own-data-words">
                <dt>Archive only</dt>
                <dd>Kept, but not loaded. An operator can replay them.</dd>
                <dt>Not accepted</dt>
                <dd>
                  Kept and not loaded: from a host name that is not the organization’s, or the visitor opted
                  out.
                </dd>
                <dt>Quarantined</dt>
                <dd>The warehouse refused the row. An operator sees why.</dd>
                <dt>Refused at the door</dt>
                <dd>Not kept: too large, not readable, or the disk was full.</dd>
              </dl>
            </Panel>
          </div>
        )}
      </Shown>
    </div>
  );
};

const Arrival = ({ health }: { readonly health: OwnHealthAnswer }) => {
  const now = Date.parse(health.at);
  const { lastBeaconAt, lagSeconds, waitingSince, expiresAt, cameAfterEnd } = health;
  const isLate = waitingSince !== null || lagSeconds > 60;
  return (
    <ul class="status-cards">
      <Card
        title="Last beacon"
        kind={!health.isStoreUp ? 'trouble' : lastBeaconAt === null ? 'warning' : 'good'}
        words={
          !health.isStoreUp ? 'not known' : lastBeaconAt === null ? 'none yet' : formatAgo(lastBeaconAt, now)
        }
      >
        {health.isStoreUp
          ? `${formatCount(health.rows)} beacons are stored.`
          : 'The warehouse does not answer; beacons are kept meanwhile.'}
      </Card>
      <Card title="Loading" kind={isLate ? 'warning' : 'good'} words={isLate ? 'behind' : 'up to date'}>
        {waitingSince !== null
          ? `Since ${formatAgo(waitingSince, now)} the rows of this organization cannot be written; they wait.`
          : lagSeconds < 1
            ? 'Nothing waits.'
            : `The oldest waiting beacon is ${formatDuration(lagSeconds * 1_000)} old.`}
      </Card>
      {expiresAt !== null && (
        <Card
          title="Until"
          kind={Date.parse(expiresAt) - now < SOON_MS ? 'warning' : 'good'}
          words={formatDay(Date.parse(expiresAt) - 1)}
        >
          Beacons that come later are only archived. An operator can renew the organization.
        </Card>
      )}
      {cameAfterEnd > 0 && (
        <Card
          title="After the end"
          kind="warning"
          words={`${formatCount(cameAfterEnd)} ${cameAfterEnd === 1 ? 'beacon' : 'beacons'}`}
        >
          Came while the organization was expired and are only archived. An operator can replay them.
        </Card>
      )}
    </ul>
  );
};

const SOON_MS = 14 * 86_400_000;
