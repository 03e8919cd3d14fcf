import { accounts, type Session } from '../../api/accounts.ts';
import { Tag } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { formatAgo, formatMoment } from '../../parts/numbers.ts';
import { Table } from '../../parts/table.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { ActionError } from '../admin/parts/action-error.tsx';
import { useAction } from '../admin/parts/use-action.ts';
import { useHome } from '../admin/parts/use-home.ts';
import { agentWords } from './agent-words.ts';

/** Where one is signed in, and the way to end it. */
export const SessionList = () => {
  const { session, now } = useApp();
  const home = useHome();
  const asked = useRequest(accounts.sessions(home?.id));
  const action = useAction();
  const end = async ({ id }: Session): Promise<void> => {
    const path = `/accounts/sessions/${encodeURIComponent(id)}`;
    if ((await action.send('DELETE', path, undefined, 'The session was ended.')) !== undefined)
      asked.reload();
  };
  const endAll = async (): Promise<void> => {
    await action.send('POST', '/authn/logout-all');
    await session.begin();
  };
  return (
    <Panel
      title="Sessions"
      note="Where you are signed in."
      actions={<Button onClick={() => void endAll()}>Sign out everywhere</Button>}
    >
      <ActionError error={action.error} />
      <Shown asked={asked} height="120px">
        {({ sessions }) => (
          <Table<Session>
            caption="Your sessions"
            rows={sessions}
            keyOf={({ id }) => id}
            columns={[
              {
                id: 'agent',
                title: 'Browser',
                cell: ({ agent, isCurrent }) => (
                  <span class="account-agent" title={agent}>
                    {agentWords(agent)} {isCurrent && <Tag kind="good">this one</Tag>}
                  </span>
                ),
              },
              { id: 'started', title: 'Signed in (UTC)', cell: ({ startedAt }) => formatMoment(startedAt) },
              { id: 'seen', title: 'Last seen', cell: ({ seenAt }) => formatAgo(seenAt, now.value) },
              {
                id: 'end',
                title: '',
                isNumber: true,
                cell: (one) => !one.isCurrent && <Button onClick={() => void end(one)}>End</Button>,
              },
            ]}
          />
        )}
      </Shown>
    </Panel>
  );
};
