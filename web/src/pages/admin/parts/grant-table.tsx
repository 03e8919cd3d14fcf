import { useState } from 'preact/hooks';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { formatAgo, formatDay } from '../../../parts/numbers.ts';
import { type Column, Table } from '../../../parts/table.tsx';
import { useApp } from '../../../state/app-state.ts';
import { Confirm } from './confirm.tsx';
import { useAction } from './use-action.ts';

/** What was given to a program or to people without an account, until a day or until it is taken back. Moments are ISO 8601. */
interface Grant {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
  /** False: whoever made it has no active account any more, and it goes on without him. */
  readonly isMakerActive?: boolean;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly state: 'active' | 'expired' | 'revoked';
}

/** Words for taking a grant back. */
interface TakingBack {
  /** `Revoke`: on the buttons, and before the name in the question. */
  readonly words: string;
  /** `revoked`: the state afterwards. */
  readonly state: string;
  /** Said aloud when it is done. */
  readonly done: string;
  /** What follows of it. */
  readonly consequence: string;
}

/** API keys or share links: what each is for, when it was used, and the way to end it. */
export const GrantTable = <One extends Grant>({
  caption,
  grants,
  path,
  what,
  used,
  takingBack,
  onRevoked,
}: {
  readonly caption: string;
  readonly grants: readonly One[];
  /** `/api-keys`: where they are ended by their id. */
  readonly path: string;
  /** The column of what it is for. */
  readonly what: Column<One>;
  /** Title of the column of last uses. */
  readonly used: string;
  readonly takingBack: TakingBack;
  readonly onRevoked: () => void;
}) => {
  const now = useApp().now.value;
  const action = useAction();
  const [ending, setEnding] = useState<One | null>(null);
  const close = (): void => {
    setEnding(null);
    action.forget();
  };
  const revoke = async ({ id }: One): Promise<void> => {
    const sent = await action.send('DELETE', `${path}/${encodeURIComponent(id)}`, undefined, takingBack.done);
    if (sent === undefined) return;
    close();
    onRevoked();
  };
  return (
    <>
      <Table<One>
        caption={caption}
        rows={grants}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: 'Name',
            cell: ({ name, createdBy, isMakerActive, state }) => (
              <>
                <b>{name}</b>{' '}
                <span class="quiet">
                  by {createdBy || 'somebody unknown'}
                  {isMakerActive === false && state === 'active' && ', who is no longer active'}
                </span>
              </>
            ),
          },
          what,
          {
            id: 'used',
            title: used,
            cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : formatAgo(lastUsedAt, now)),
          },
          {
            id: 'state',
            title: 'State',
            cell: (grant) => <GrantState of={grant} revoked={takingBack.state} />,
          },
          {
            id: 'end',
            title: '',
            isNumber: true,
            cell: (grant) =>
              grant.state === 'active' && (
                <Button onClick={() => setEnding(grant)}>{takingBack.words}</Button>
              ),
          },
        ]}
      />
      {ending !== null && (
        <Confirm
          title={`${takingBack.words} ${ending.name}?`}
          words={takingBack.words}
          action={action}
          onConfirm={() => void revoke(ending)}
          onClose={close}
        >
          <p>{takingBack.consequence}</p>
        </Confirm>
      )}
    </>
  );
};

const GrantState = ({
  of: { state, expiresAt },
  revoked,
}: {
  readonly of: Grant;
  readonly revoked: string;
}) => {
  if (state === 'revoked') return <Tag>{revoked}</Tag>;
  if (state === 'expired') return <Tag>ended {formatDay(expiresAt)}</Tag>;
  return <Tag kind="good">until {formatDay(expiresAt)}</Tag>;
};
