import { useState } from 'preact/hooks';
import { accounts, type Share } from '../../api/accounts.ts';
import { Tag } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { formatAgo, formatDay } from '../../parts/numbers.ts';
import { Table } from '../../parts/table.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { periodWords } from '../../state/period.ts';
import { useRequest } from '../../state/use-request.ts';
import { Confirm } from '../admin/shared/confirm.tsx';
import { useAction } from '../admin/shared/use-action.ts';
import { useHome } from '../admin/shared/use-home.ts';
import { pageWords, ShareForm } from './share-form.tsx';
import '../admin/shared/admin.css';

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
  const action = useAction();
  const [ending, setEnding] = useState<Share | null>(null);
  const close = (): void => {
    setEnding(null);
    action.forget();
  };
  const revoke = async ({ id }: Share): Promise<void> => {
    const path = `/shares/${encodeURIComponent(id)}`;
    if ((await action.send('DELETE', path, undefined, 'The link was taken back.')) === undefined) return;
    close();
    onRevoked();
  };
  return (
    <>
      <Table<Share>
        caption="Share links"
        rows={shares}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: 'Name',
            cell: ({ name, createdBy }) => (
              <>
                <b>{name}</b> <span class="quiet">by {createdBy}</span>
              </>
            ),
          },
          {
            id: 'shows',
            title: 'Shows',
            cell: ({ page, selection: { site, from, to, filters } }) => (
              <>
                {pageWords(page)} of {site ?? 'all sites'}, {periodWords(from, to, now).toLowerCase()}
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
              </>
            ),
          },
          {
            id: 'used',
            title: 'Last opened',
            cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : formatAgo(lastUsedAt, now)),
          },
          { id: 'state', title: 'State', cell: (share) => <ShareState of={share} /> },
          {
            id: 'end',
            title: '',
            isNumber: true,
            cell: (share) =>
              share.state === 'active' && <Button onClick={() => setEnding(share)}>Take back</Button>,
          },
        ]}
      />
      {ending !== null && (
        <Confirm
          title={`Take back ${ending.name}?`}
          words="Take back"
          action={action}
          onConfirm={() => void revoke(ending)}
          onClose={close}
        >
          <p>Whoever looks at it now sees nothing from the next click on. This cannot be undone.</p>
        </Confirm>
      )}
    </>
  );
};

const ShareState = ({ of: { state, expiresAt } }: { readonly of: Share }) => {
  if (state === 'revoked') return <Tag>taken back</Tag>;
  if (state === 'expired') return <Tag>ended {formatDay(expiresAt)}</Tag>;
  return <Tag kind="good">until {formatDay(expiresAt)}</Tag>;
};
