import { useState } from 'preact/hooks';
import type { UnclaimedAnswer, UnclaimedGroup } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Button } from '../../../parts/button.tsx';
import { Message } from '../../../parts/message.tsx';
import { formatBytes, formatCount, formatMoment } from '../../../parts/numbers.ts';
import { Segmented } from '../../../parts/segmented.tsx';
import { Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { useApp } from '../../../state/app-state.ts';
import { useRequest } from '../../../state/use-request.ts';
import { dayText } from '../parts/days.ts';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { useHome } from '../parts/use-home.ts';
import { usePolled } from '../parts/use-polled.ts';
import { ClaimWizard } from './claim-wizard.tsx';

type Folder = UnclaimedAnswer['folder'];
const PERIODS = { '7': '7 days', '28': '28 days', '365': 'a year' } as const;
type Days = keyof typeof PERIODS;

/** Beacons that belong to nobody, by their trace, and the way to make rows of them. */
export const UnclaimedPanel = () => {
  const { now, router } = useApp();
  const extra = router.address.value.extra;
  const folder: Folder = extra['folder'] === 'expired' ? 'expired' : 'unknown';
  const days: Days = extra['days'] === '7' || extra['days'] === '365' ? extra['days'] : '28';
  const [claimed, setClaimed] = useState<UnclaimedGroup | null>(null);
  // Whole days, so that asking again is the same question.
  const to = `${dayText(now.value + 86_400_000)}T00:00:00Z`;
  const from = `${dayText(Date.parse(to) - Number(days) * 86_400_000)}T00:00:00Z`;
  const asked = useRequest(operations.unclaimed(useHome()?.id, folder, { from, to }));
  usePolled(asked, asked.data?.state === 'running', 1_500);

  return (
    <Panel
      title="Beacons of nobody"
      note={
        folder === 'unknown'
          ? 'Their trace names no organization. They are kept in the archive; add the organization and replay them.'
          : 'Their organization is expired. They are kept in the archive; renew it and replay them.'
      }
      actions={
        <>
          <Button kind="quiet" icon="replay" label="Look again" onClick={asked.reload} />
          <Segmented
            label="Which beacons"
            value={folder}
            onValue={(next) =>
              router.setExtra({ folder: next === 'unknown' ? null : next }, { replace: true })
            }
            choices={[
              { value: 'unknown', label: 'Unknown' },
              { value: 'expired', label: 'Expired' },
            ]}
          />
          <Segmented
            label="Period"
            value={days}
            onValue={(next) => router.setExtra({ days: next === '28' ? null : next }, { replace: true })}
            choices={[
              { value: '7', label: PERIODS['7'] },
              { value: '28', label: PERIODS['28'] },
              { value: '365', label: PERIODS['365'] },
            ]}
          />
        </>
      }
    >
      <Shown asked={asked} height="120px">
        {(answer) => (
          <>
            {answer.state === 'failed' && (
              <Message kind="trouble" title="The archive could not be read">
                {answer.reason}
              </Message>
            )}
            {answer.state === 'running' && (
              <ProgressBar
                done={answer.progress.bytes}
                total={answer.progress.totalBytes}
                words={
                  answer.progress.totalBytes === 0
                    ? 'Looking through the archive…'
                    : `Looking through the archive: ${formatBytes(answer.progress.bytes)} of ${formatBytes(answer.progress.totalBytes)}, ${formatCount(answer.progress.beacons)} beacons`
                }
              />
            )}
            {answer.cut && (
              <Message kind="warning" title="Not everything was looked at">
                There is more than one look reads. A shorter period shows all of it; the newest days are here.
              </Message>
            )}
            <Groups answer={answer} claim={setClaimed} />
          </>
        )}
      </Shown>
      {claimed !== null && (
        <ClaimWizard
          group={claimed}
          folder={folder}
          onClose={() => {
            setClaimed(null);
            asked.reload();
          }}
        />
      )}
    </Panel>
  );
};

const Groups = ({
  answer,
  claim,
}: {
  readonly answer: UnclaimedAnswer;
  readonly claim: (group: UnclaimedGroup) => void;
}) => {
  if (answer.groups.length === 0)
    return answer.state === 'running' ? null : (
      <p class="panel-empty">
        {answer.folder === 'unknown'
          ? 'Every beacon of this period named an organization of the users map.'
          : 'No beacon of this period came from an expired organization.'}
      </p>
    );
  return (
    <>
      <Table<UnclaimedGroup>
        caption="Beacons of nobody by their trace"
        rows={answer.groups}
        keyOf={({ trace, hostnames }) => `${trace} ${hostnames[0] ?? ''}`}
        columns={[
          {
            id: 'trace',
            title: 'Trace',
            cell: ({ trace, owner }) => (
              <>
                {trace === '' ? <i>none</i> : <span class="admin-mono">{trace}</span>}
                {owner !== null && (
                  <span class="admin-note">
                    {' '}
                    {owner.name}, {owner.state === 'expired' ? 'expired' : 'active now'}
                  </span>
                )}
              </>
            ),
          },
          {
            id: 'pages',
            title: 'From pages such as',
            cell: ({ hostnames, samples }) => (
              <span title={samples.join('\n')}>{samples[0] ?? hostnames[0] ?? 'no address'}</span>
            ),
          },
          { id: 'count', title: 'Beacons', isNumber: true, cell: ({ beacons }) => formatCount(beacons) },
          { id: 'first', title: 'First', isNumber: true, cell: ({ firstAt }) => formatMoment(firstAt) },
          { id: 'last', title: 'Last', isNumber: true, cell: ({ lastAt }) => formatMoment(lastAt) },
          {
            id: 'claim',
            title: '',
            isNumber: true,
            cell: (group) =>
              group.trace === '' ? (
                <span class="admin-note">no trace: check the snippet on these pages</span>
              ) : (
                <Button onClick={() => claim(group)}>{claimWords(group)}</Button>
              ),
          },
        ]}
      />
      {answer.otherBeacons > 0 && (
        <p class="admin-note">{formatCount(answer.otherBeacons)} more beacons with other traces.</p>
      )}
    </>
  );
};

const claimWords = ({ owner }: UnclaimedGroup): string => {
  if (owner === null) return 'Add organization & replay';
  return owner.state === 'expired' ? 'Renew & replay' : 'Replay';
};
