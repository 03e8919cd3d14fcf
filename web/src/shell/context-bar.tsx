import { Button } from '../parts/button.tsx';
import { entranceOf } from '../routes.ts';
import { useApp } from '../state/app-state.ts';
import { DEFAULT_VIEW } from '../state/url.ts';
import { hueOf } from './organization-colour.ts';
import './context-bar.css';

/** Stands above everything while one acts for another organization than one's own: for whom, as whom, by which relation, until when. */
export const ContextBar = () => {
  const { router, session, organization } = useApp();
  const state = session.state.value;
  const target = organization.value;
  if (state.kind !== 'signed-in' || target === null || target.isHome) return null;
  const [relation] = target.relations;
  const leave = (): void =>
    router.go({
      org: state.home.id,
      site: null,
      rest: [],
      view: DEFAULT_VIEW,
      extra: {},
      ...entranceOf(state.home),
    });
  return (
    <div
      class="context-bar"
      role="region"
      aria-label="Acting for another organization"
      style={{ '--hue': String(hueOf(target.id)) }}
    >
      <p>
        Acting in <strong>{target.name}</strong> as <em>{state.username}</em> of {state.home.name}
        {relation !== undefined && (
          <span class="context-detail">
            {' '}
            via relation <em>{relation.id}</em>
            {relation.expiresAt !== null && <>, until {dayText(relation.expiresAt)}</>}
          </span>
        )}
      </p>
      <Button
        kind="quiet"
        icon="leave"
        onClick={leave}
        aria-keyshortcuts="Shift+Escape"
        title="Leave (Shift+Esc)"
      >
        Leave
      </Button>
    </div>
  );
};

/** `30 Nov 2026`; an end at midnight belongs to the day before. */
const dayText = (instant: string): string =>
  new Date(Date.parse(instant) - 1).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
