import { useState } from 'preact/hooks';
import { accounts, type Share } from '../../api/accounts.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { compareWords, periodWords } from '../../state/period.ts';
import { useRequest } from '../../state/use-request.ts';
import { GrantTable } from '../admin/parts/grant-table.tsx';
import { useHome } from '../admin/parts/use-home.ts';
import { lowerFirst, pageWords, ShareForm } from './share-form.tsx';
import '../admin/parts/admin.css';

/** Links that show the selection above to people without an account. */
export const Shares = () => {
  const { access } = useApp();
  const home = useHome();
  const asked = useRequest(accounts.shares(home?.id));
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="admin-page">
      <PageTitle
        title="Share links"
        note="Whoever has such a link sees the selection that it was made with, and nothing else, without an account."
        actions={
          access.may('accounts.shares.post') && (
            <Button kind="primary" icon="plus" onClick={() => setOpen(true)}>
              Share the selection above
            </Button>
          )
        }
      />
      <Panel title="Links">
        <Shown
          asked={asked}
          height="160px"
          isEmpty={({ shares }) => shares.length === 0}
          empty={
            <EmptyState icon="external" title="Nothing is shared yet">
              Choose site, period and filters above, then share them.
            </EmptyState>
          }
        >
          {({ shares }) => <ShareTable shares={shares} onRevoked={asked.reload} />}
        </Shown>
      </Panel>
      <Dialog title="New share link" isOpen={isOpen} onClose={() => setOpen(false)}>
        <ShareForm onClose={() => setOpen(false)} onMade={asked.reload} />
      </Dialog>
    </div>
  );
};

const ShareTable = ({
  shares,
  onRevoked,
}: {
  readonly shares: readonly Share[];
  readonly onRevoked: () => void;
}) => {
  const now = useApp().now.value;
  return (
    <GrantTable<Share>
      caption="Share links"
      grants={shares}
      path="/shares"
      what={{
        id: 'shows',
        title: 'Shows',
        cell: ({ page, notes, selection: { site, from, to, filters, compare, bots } }) => (
          <span>
            {pageWords(page)} of {site ?? 'all sites'}, {lowerFirst(periodWords(from, to, now))}
            {compare !== undefined && `, ${lowerFirst(compareWords(compare, now))}`}
            {bots === true && ', with bots'}
            {notes && ', with notes'}
            {filters.length > 0 && (
              <span class="quiet">
                {' '}
                where{' '}
                {filters
                  .map(
                    ({ dimension, op, values }) =>
                      `${dimension} ${op.replace('_', ' ')} ${values.join(' or ')}`,
                  )
                  .join(' and ')}
              </span>
            )}
          </span>
        ),
      }}
      used="Last opened"
      takingBack={{
        words: 'Take back',
        state: 'taken back',
        done: 'The link was taken back.',
        consequence: 'Whoever looks at it now sees nothing from the next click on. This cannot be undone.',
      }}
      onRevoked={onRevoked}
    />
  );
};
