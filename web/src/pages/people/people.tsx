import { useState } from 'preact/hooks';
import { accounts, type Person, type RoleName, type RoleView } from '../../api/accounts.ts';
import { Tag } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Select } from '../../parts/field.tsx';
import { formatAgo } from '../../parts/numbers.ts';
import { Table } from '../../parts/table.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { ActionError } from '../admin/parts/action-error.tsx';
import { Confirm } from '../admin/parts/confirm.tsx';
import { useAction } from '../admin/parts/use-action.ts';
import { useHome } from '../admin/parts/use-home.ts';
import { Invitations } from './invitations.tsx';
import { RoleList } from './role-list.tsx';
import '../admin/parts/admin.css';
import './people.css';

/** Who belongs to one's own organization, as what; invitations for more. */
export const People = () => {
  const home = useHome();
  const people = useRequest(accounts.people(home?.id));
  const roles = useRequest(accounts.roles(home?.id));
  return (
    <div class="admin-page">
      <PageTitle
        title="People"
        note={`Who belongs to ${home?.name ?? 'your organization'} and what they may do. You can give what you hold yourself.`}
      />
      <Panel title="Accounts">
        <Shown asked={people} height="200px">
          {(answer) => (
            <PeopleTable people={answer.people} roles={roles.data?.roles ?? []} onChanged={people.reload} />
          )}
        </Shown>
      </Panel>
      <Invitations roles={roles.data?.roles ?? []} />
      <Panel title="Roles" note="Each contains the one before.">
        <Shown asked={roles} height="120px">
          {(answer) => <RoleList roles={answer.roles} />}
        </Shown>
      </Panel>
    </div>
  );
};

const PeopleTable = ({
  people,
  roles,
  onChanged,
}: {
  readonly people: readonly Person[];
  readonly roles: readonly RoleView[];
  readonly onChanged: () => void;
}) => {
  const now = useApp().now.value;
  const action = useAction();
  const [leaving, setLeaving] = useState<Person | null>(null);
  const change = async (person: Person, wish: object, done: string): Promise<void> => {
    const path = `/accounts/people/${encodeURIComponent(person.id)}`;
    if ((await action.send('PUT', path, wish, done)) !== undefined) setLeaving(null);
    onChanged();
  };
  return (
    <>
      {leaving === null && <ActionError error={action.error} />}
      <Table<Person>
        caption="Accounts of the organization"
        rows={people}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: 'Name',
            cell: (person) => (
              <span class={person.active ? undefined : 'quiet'}>
                <b>{nameOf(person)}</b> <span class="quiet">{person.username}</span>{' '}
                {person.isMe && <Tag>you</Tag>} {!person.active && <Tag kind="warning">deactivated</Tag>}
              </span>
            ),
          },
          {
            id: 'role',
            title: 'Role',
            cell: (person) => (
              <RoleCell
                person={person}
                roles={roles}
                onRole={(role) =>
                  void change(person, { role }, `${nameOf(person)} is ${titleOf(roles, role)} now.`)
                }
              />
            ),
          },
          {
            id: 'seen',
            title: 'Last sign-in',
            cell: ({ lastSignInAt }) => (lastSignInAt === null ? 'never' : formatAgo(lastSignInAt, now)),
          },
          {
            id: 'act',
            title: '',
            isNumber: true,
            cell: (person) =>
              person.mayChange &&
              !person.isMe &&
              (person.active ? (
                <Button onClick={() => setLeaving(person)}>Deactivate</Button>
              ) : (
                <Button
                  onClick={() =>
                    void change(person, { active: true }, `${nameOf(person)} may sign in again.`)
                  }
                >
                  Activate
                </Button>
              )),
          },
        ]}
      />
      {leaving !== null && (
        <Confirm
          title={`Deactivate ${nameOf(leaving)}?`}
          words="Deactivate"
          action={action}
          onConfirm={() =>
            void change(leaving, { active: false }, `${nameOf(leaving)} cannot sign in any more.`)
          }
          onClose={() => {
            setLeaving(null);
            action.forget();
          }}
        >
          <p>
            All sessions of this account end now. What was written stays, and the account can be activated
            again.
          </p>
        </Confirm>
      )}
    </>
  );
};

const RoleCell = ({
  person,
  roles,
  onRole,
}: {
  readonly person: Person;
  readonly roles: readonly RoleView[];
  readonly onRole: (role: RoleName) => void;
}) => {
  const more =
    person.otherPermissions.length === 0 ? null : (
      <span class="admin-note"> and {person.otherPermissions.join(', ')}</span>
    );
  const choices = roles
    .filter(({ name, mayGrant }) => mayGrant || name === person.role)
    .map(({ name, title }) => ({ value: name as RoleName | '', label: title }));
  if (!person.mayChange || choices.length === 0)
    return (
      <>
        {person.role === null ? 'none' : titleOf(roles, person.role)}
        {more}
      </>
    );
  return (
    <>
      <Select<RoleName | ''>
        label={`Role of ${nameOf(person)}`}
        value={person.role ?? ''}
        choices={person.role === null ? [{ value: '', label: 'none' }, ...choices] : choices}
        onValue={(role) => role !== '' && onRole(role)}
      />
      {more}
    </>
  );
};

const nameOf = ({ firstName, lastName, username }: Person): string =>
  [firstName, lastName].filter((name) => name !== null).join(' ') || username;

const titleOf = (roles: readonly RoleView[], role: RoleName): string =>
  (roles.find(({ name }) => name === role)?.title ?? role).toLowerCase();
