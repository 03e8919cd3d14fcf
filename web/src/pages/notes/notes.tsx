import { useState } from 'preact/hooks';
import { type Annotation, kindsRequest, notesRequest } from '../../api/annotations.ts';
import { Button } from '../../parts/button.tsx';
import { CheckField, Select } from '../../parts/field.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { periodOf } from '../../state/moment.ts';
import { useKeys } from '../../state/use-keys.ts';
import { useRequest } from '../../state/use-request.ts';
import { NoteDialog, type NoteWish } from './note-dialog.tsx';
import { SCOPE_WORDS } from './scopes.ts';
import { Timeline } from './timeline.tsx';
import { useScopes } from './use-scopes.ts';
import './notes.css';

/** What happened: the notes of the period, the newest first, and the way to write more. */
export const Notes = () => {
  const { router, now } = useApp();
  const { view, extra } = router.address.value;
  const period = periodOf(view.from, view.to, now.value);
  const hasHidden = extra['hidden'] === 'with';
  const asked = useRequest(notesRequest({ ...period, site: extra['of'] ?? null, hasHidden }));
  const scopes = useScopes();
  const [wish, setWish] = useState<NoteWish | null>(null);
  const write = (): void =>
    setWish({ kind: 'new', from: Math.min(Date.now(), period.to - 1), to: null, site: extra['of'] ?? null });
  useKeys(scopes.length === 0 ? [] : [{ keys: 'n', words: 'New note', group: 'Charts', run: write }]);
  const shown = (asked.data?.annotations ?? []).filter(matching(extra));

  return (
    <>
      <PageTitle
        title="Notes"
        note="What happened to your sites: they stand on every chart of their time."
        actions={
          scopes.length > 0 && (
            <Button kind="primary" icon="plus" onClick={write} aria-keyshortcuts="n">
              New note
            </Button>
          )
        }
      />
      <Panel
        title={`${shown.length} ${shown.length === 1 ? 'note' : 'notes'}`}
        actions={<Narrowing notes={asked.data?.annotations ?? []} />}
      >
        <Shown
          asked={asked}
          height="240px"
          isEmpty={() => shown.length === 0}
          empty={
            <EmptyState icon="notes" title="No notes here">
              {Object.keys(extra).length > 0
                ? 'None of this period is of this kind.'
                : 'Mark a deploy, an incident or a campaign, and you will see what it did to your visitors.'}
            </EmptyState>
          }
        >
          {() => <Timeline notes={shown} onOpen={(id) => setWish({ kind: 'open', id })} />}
        </Shown>
      </Panel>
      <NoteDialog wish={wish} onClose={() => setWish(null)} onChange={asked.reload} />
    </>
  );
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
