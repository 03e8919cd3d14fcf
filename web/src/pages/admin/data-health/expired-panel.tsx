import { useState } from 'preact/hooks';
import type { ExpiredLine } from '#operations';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { formatCount, formatDay, NOTHING } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { Panel } from '../../../reports/panel.tsx';
import { lastDay } from '../parts/days.ts';
import { RenewAndReplay } from './renew-and-replay.tsx';

/** Organizations whose beacons came after their end, and the way to make rows of them. */
export const ExpiredPanel = ({
  lines,
  reload,
}: {
  readonly lines: readonly ExpiredLine[];
  readonly reload: () => void;
}) => {
  const [chosen, setChosen] = useState<ExpiredLine | null>(null);
  if (lines.length === 0) return null;
  return (
    <Panel
      title="Beacons of expired organizations"
      note="That came after the end of their organization, since this process started. They are kept in the archive; renew it and replay them."
    >
      <Table
        caption="Beacons that came after the end of their organization"
        rows={lines}
        keyOf={({ tenant }) => tenant}
        columns={[
          {
            id: 'organization',
            title: 'Organization',
            cell: ({ name, tenant }) => (
              <>
                <b>{name}</b> <span class="admin-mono quiet">{tenant}</span>
              </>
            ),
          },
          {
            id: 'state',
            title: 'Valid through',
            cell: ({ state, expiresAt }) => (
              <>
                {expiresAt === null ? 'without end' : formatDay(lastDay(expiresAt))}{' '}
                {state === 'expired' ? <Tag kind="trouble">expired</Tag> : <Tag kind="good">renewed</Tag>}
              </>
            ),
          },
          {
            id: 'beacons',
            title: 'Beacons',
            isNumber: true,
            cell: ({ beacons }) => (beacons === 0 ? NOTHING : formatCount(beacons)),
          },
          {
            id: 'replay',
            title: '',
            isNumber: true,
            cell: (line) => (
              <Button onClick={() => setChosen(line)}>
                {line.state === 'expired' ? 'Renew & replay' : 'Replay'}
              </Button>
            ),
          },
        ]}
      />
      {chosen !== null && (
        <RenewAndReplay
          line={chosen}
          onClose={() => {
            setChosen(null);
            reload();
          }}
        />
      )}
    </Panel>
  );
};
