import { Icon } from '../parts/icon.tsx';
import { useApp } from '../state/app-state.ts';
import { DEFAULT_VIEW, formatAddress } from '../state/url.ts';
import './generated-notice.css';

/** Says that what one sees was made up for the demo, and where it is removed. */
export const GeneratedNotice = () => {
  const { access, router, session } = useApp();
  const state = session.state.value;
  const home = state.kind === 'signed-in' ? state.home.id : null;
  const mayRemove = access.me.value !== null && access.may('operations.*');
  const href = formatAddress({
    ...router.address.value,
    org: home,
    scope: 'organization',
    page: 'data-health',
    rest: [],
    extra: {},
    view: DEFAULT_VIEW,
  });
  return (
    <p class="generated-notice" role="note">
      <Icon name="info" />
      <span>
        <b>Demo data, generated</b> so that there is something to look at; real beacons are counted beside it.{' '}
        {mayRemove ? <a href={href}>Remove it</a> : 'An operator can remove it in Data health.'}
      </span>
    </p>
  );
};
