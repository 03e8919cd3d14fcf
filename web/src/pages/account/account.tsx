import { accounts } from '../../api/accounts.ts';
import { Segmented } from '../../parts/segmented.tsx';
import { CheckField } from '../../parts/field.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { useHome } from '../admin/parts/use-home.ts';
import { PasswordForm } from './password-form.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SessionList } from './session-list.tsx';
import '../admin/parts/admin.css';
import './account.css';

/** One's own account: names, password, colours and keys, sessions. */
export const Account = () => {
  const { theme, keys } = useApp();
  const home = useHome();
  const asked = useRequest(accounts.me(home?.id));
  return (
    <div class="admin-page account">
      <PageTitle title="Account" note={<Standing asked={asked.data} />} />
      <Panel title="Profile" note="Your names stand beside what you write.">
        <Shown asked={asked} height="180px">
          {(me) => <ProfileForm key={me.userId} me={me} onSaved={asked.reload} />}
        </Shown>
      </Panel>
      <Panel
        title="Password"
        note="A new password ends all your sessions; this one goes on with the new one."
      >
        <PasswordForm />
      </Panel>
      <Panel title="This browser">
        <div class="admin-form">
          <div>
            <p class="account-label">Colours</p>
            <Segmented
              label="Colours"
              value={theme.choice.value}
              choices={[
                { value: 'system', label: 'As the system' },
                { value: 'light', label: 'Light' },
                { value: 'dark', label: 'Dark' },
              ]}
              onValue={(choice) => theme.choose(choice)}
            />
          </div>
          <CheckField
            label="Single-letter keys"
            hint="d for today, g o for the overview, ? for all of them"
            checked={keys.isOn.value}
            onValue={(isOn) => keys.setOn(isOn)}
          />
        </div>
      </Panel>
      <SessionList />
    </div>
  );
};

const Standing = ({
  asked,
}: {
  readonly asked:
    | { readonly username: string; readonly role: string | null; readonly home: { readonly name: string } }
    | undefined;
}) =>
  asked === undefined ? null : (
    <>
      <b>{asked.username}</b>, {asked.role ?? 'with permissions of your own'} in {asked.home.name}
    </>
  );
