import { Button } from '../parts/button.tsx';
import { entranceOf } from '../routes.ts';
import { useApp } from '../state/app-state.ts';
import { DEFAULT_VIEW } from '../state/url.ts';
import type { Relation } from '../api/session.ts';
import { mayWords } from './may-words.ts';
import { hueOf } from './organization-colour.ts';
import './context-bar.css';

/** Stands above everything while one acts for another organization than one's own: for whom, as whom, by which relation, until when. */
export const ContextBar = () => {
  const { access, router, session, organization } = useApp();
  const state = session.state.value;
  const target = organization.value;
  if (state.kind !== 'signed-in' || target === null || target.isHome) return null;
  const { relations } = target;
  const until = latestEnd(relations);
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
        {access.me.value !== null && (
          <span class="context-may">, {mayWords(access.me.value.permissions)}</span>
        )}
        {relations.length > 0 && (
          <span class="context-detail">
            {' '}
            via {relations.length === 1 ? 'relation' : 'relations'}{' '}
            <em>{relations.map(({ id }) => id).join(', ')}</em>
            {until !== null && <>, until {dayText(until)}</>}
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

/** When the last of the relations ends; null: never. */
const latestEnd = (relations: readonly Relation[]): string | null => {
  const ends = relations.map(({ expiresAt }) => expiresAt).filter((end) => end !== null);
  return ends.length < relations.length
    ? null
    : (ends.toSorted((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null);
};

/** `30 Nov 2026`; an end at midnight belongs to the day before. */
const dayText = (instant: string): string =>
  new Date(Date.parse(instant) - 1).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
