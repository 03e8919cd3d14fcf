import { accounts } from '../api/accounts.ts';
import { Icon } from '../parts/icon.tsx';
import { RemoveGenerated } from '../pages/admin/data-health/remove-generated.tsx';
import { useApp } from '../state/app-state.ts';
import { useRequest } from '../state/use-request.ts';
import './generated-notice.css';

/** Below every page that shows page views made for the demo: says so, and removes them for whoever may. It stays in sight and moves nothing. */
export const GeneratedNotice = () => (useApp().generated.value === 0 ? null : <Notice />);

const Notice = () => {
  const { session } = useApp();
  const state = session.state.value;
  // Operators hold their permission at home, whomever they look at.
  const me = useRequest(state.kind === 'signed-in' ? accounts.me(state.home.id) : null).data;
  const mayRemove = me?.permissions.some((held) => held.startsWith('operations.')) === true;
  return (
    <div class="generated-notice is-below" role="note">
      <Icon name="info" />
      <span>
        <b>Demo data, generated</b>{' '}
        <span class="generated-why">
          so that there is something to look at; real beacons are counted beside it.
          {!mayRemove && ' An operator can remove it.'}
        </span>
      </span>
      {mayRemove && <RemoveGenerated words="Remove it" />}
    </div>
  );
};
