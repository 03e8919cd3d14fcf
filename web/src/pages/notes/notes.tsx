import { useState } from 'preact/hooks';
import { type Annotation, kindsRequest, notesRequest } from '../../api/annotations.ts';
import { Button } from '../../parts/button.tsx';
import { CheckField, Select } from '../../parts/field.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { type Period, periodOf } from '../../state/moment.ts';
import { useExtra } from '../../state/use-extra.ts';
import { useKeys } from '../../state/use-keys.ts';
import { useRequest } from '../../state/use-request.ts';
import { Calendar } from './calendar.tsx';
import { dayAfter, dayOf, daysOfMonth, monthOf, weeksOf } from './month-grid.ts';
import { NoteDialog, type NoteWish } from './note-dialog.tsx';
import { SCOPE_WORDS } from './scopes.ts';
import { Timeline } from './timeline.tsx';
import { useScopes } from './use-scopes.ts';
import './notes.css';

/** What happened: the notes of the period, the newest first, or of its last month as a calendar; and the way to write more. */
export const Notes = () => {
  const { router, now } = useApp();
  const { view, extra } = router.address.value;
  const [form, setForm] = useExtra('show', 'list', FORMS);
  const period = periodOf(view.from, view.to, now.value);
  const month = monthOf(period.to - 1);
  const hasHidden = extra['hidden'] === 'with';
  const seen = form === 'calendar' ? weeksPeriod(month) : period;
  const asked = useRequest(notesRequest({ ...seen, site: extra['of'] ?? null, hasHidden }));
  const scopes = useScopes();
  const [wish, setWish] = useState<NoteWish | null>(null);
  const writeAt = (from: number): void => setWish({ kind: 'new', from, to: null, site: extra['of'] ?? null });
  const write = (): void => writeAt(Math.min(Date.now(), period.to - 1));
  const today = dayOf(now.value - 1);
  const given = extra['day'] ?? today;
  const day = given.startsWith(month) && !Number.isNaN(Date.parse(given)) ? given : `${month}-01`;
  /** A day of another month makes that month the period, so that the list beside it shows the same. */
  const choose = (next: string): void => {
    if (next.startsWith(month)) return router.setExtra({ day: next }, { replace: true });
    const { from, to } = daysOfMonth(next.slice(0, 7));
    router.go({ ...router.address.value, view: { ...view, from, to }, extra: { ...extra, day: next } });
  };
  useKeys(scopes.length === 0 ? [] : [{ keys: 'n', words: 'New note', group: 'Charts', run: write }]);
  const shown = (asked.data?.annotations ?? []).filter(matching(extra));

  return (
    <>
      <PageTitle
        title="Notes"
        note="What happened to your sites: they stand on every chart of their time."
        actions={
          <>
            <Segmented
              label="Show as"
              choices={FORMS.map((value) => ({ value, label: FORM_WORDS[value] }))}
              value={form}
              onValue={(next) => setForm(next)}
            />
            {scopes.length > 0 && (
              <Button kind="primary" icon="plus" onClick={write} aria-keyshortcuts="n">
                New note
              </Button>
            )}
          </>
        }
      />
      <Panel
        title={`${shown.length} ${shown.length === 1 ? 'note' : 'notes'}`}
        actions={<Narrowing notes={asked.data?.annotations ?? []} />}
      >
        <Shown
          asked={asked}
          height="240px"
          isEmpty={() => form === 'list' && shown.length === 0}
          empty={
            <EmptyState icon="notes" title="No notes here">
              {NARROWED_BY.some((name) => extra[name] !== undefined)
                ? 'None of this period is of this kind.'
                : 'Mark a deploy, an incident or a campaign, and you will see what it did to your visitors.'}
            </EmptyState>
          }
        >
          {() =>
            form === 'list' ? (
              <Timeline notes={shown} onOpen={(id) => setWish({ kind: 'open', id })} />
            ) : (
              <Calendar
                month={month}
                day={day}
                today={today}
                notes={shown}
                onDay={choose}
                onOpen={(id) => setWish({ kind: 'open', id })}
                onNew={scopes.length === 0 ? undefined : (of) => writeAt(Date.parse(`${of}T12:00:00Z`))}
              />
            )
          }
        </Shown>
      </Panel>
      <NoteDialog wish={wish} onClose={() => setWish(null)} onChange={asked.reload} />
    </>
  );
};

const FORMS = ['list', 'calendar'] as const;
const FORM_WORDS = { list: 'List', calendar: 'Calendar' } as const;
const NARROWED_BY = ['kind', 'scope', 'by', 'of', 'hidden'];

/** All days that a month is seen with. */
const weeksPeriod = (month: string): Period => {
  const days = weeksOf(month).flat();
  return { from: Date.parse(days[0] ?? ''), to: Date.parse(dayAfter(days.at(-1) ?? '', 1)) };
};

const matching =
  ({ kind, scope, by }: Readonly<Record<string, string>>) =>
  (note: Annotation): boolean =>
    (kind === undefined || note.kind.key === kind) &&
    (scope === undefined || note.scope === scope) &&
    (by === undefined || (note.author?.name ?? '') === by);

/** Kind, scope, author: in the address, so that a list is a link. */
const Narrowing = ({ notes }: { readonly notes: readonly Annotation[] }) => {
  const { router } = useApp();
  const { extra } = router.address.value;
  const kinds = useRequest(kindsRequest);
  const authors = [...new Set(notes.map(({ author }) => author?.name ?? ''))].filter((name) => name !== '');
  const sites = [...new Set(notes.map(({ site }) => site ?? ''))].filter((name) => name !== '');
  const choice = (
    name: string,
    label: string,
    all: string,
    choices: readonly { readonly value: string; readonly label: string }[],
  ) => (
    <Select
      label={label}
      value={extra[name] ?? ''}
      choices={[{ value: '', label: all }, ...withChosen(choices, extra[name])]}
      onValue={(value) => router.setExtra({ [name]: value === '' ? null : value })}
    />
  );
  return (
    <div class="note-narrowing">
      {choice(
        'kind',
        'Kind',
        'All kinds',
        kinds.data?.kinds.map(({ key, name }) => ({ value: key, label: name })) ?? [],
      )}
      {choice(
        'scope',
        'Scope',
        'All scopes',
        Object.entries(SCOPE_WORDS).map(([value, label]) => ({
          value,
          label: value === 'site' ? 'Site' : label,
        })),
      )}
      {choice(
        'by',
        'Author',
        'All authors',
        authors.map((name) => ({ value: name, label: name })),
      )}
      {choice(
        'of',
        'Site',
        'All sites',
        sites.map((name) => ({ value: name, label: name })),
      )}
      <CheckField
        label="Hidden ones, too"
        checked={extra['hidden'] === 'with'}
        onValue={(isOn) => router.setExtra({ hidden: isOn ? 'with' : null })}
      />
    </div>
  );
};

const withChosen = (
  choices: readonly { readonly value: string; readonly label: string }[],
  chosen: string | undefined,
) =>
  chosen === undefined || choices.some(({ value }) => value === chosen)
    ? choices
    : [...choices, { value: chosen, label: chosen }];
