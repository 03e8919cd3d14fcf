import { useState } from 'preact/hooks';
import { notesRequest } from '../../api/annotations.ts';
import { Button } from '../../parts/button.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Period } from '../../state/moment.ts';
import { useKeys } from '../../state/use-keys.ts';
import { useRequest } from '../../state/use-request.ts';
import { NoteDialog, type NoteWish } from '../notes/note-dialog.tsx';
import { Timeline } from '../notes/timeline.tsx';
import { useScopes } from '../notes/use-scopes.ts';

/** What the umbrella organization tells all of its members on their charts. */
export const ConsortiumNotes = ({ period }: { readonly period: Period }) => {
  const asked = useRequest(notesRequest({ ...period, site: null }));
  const scopes = useScopes();
  const [wish, setWish] = useState<NoteWish | null>(null);
  const write = (): void =>
    setWish({
      kind: 'new',
      from: Math.min(Date.now(), period.to - 1),
      to: null,
      site: null,
      scope: 'consortium',
    });
  useKeys(scopes.length === 0 ? [] : [{ keys: 'n', words: 'New note', group: 'Charts', run: write }]);
  const notes = (asked.data?.annotations ?? []).filter(({ scope }) => scope === 'consortium');
  // Where notes may not be seen, the members are worth seeing without.
  if (asked.error?.kind === 'forbidden' || asked.error?.kind === 'not-found') return null;
  return (
    <Panel
      title="Notes for all members"
      note="They stand on the charts of every member for this time."
      actions={
        scopes.length > 0 && (
          <Button icon="plus" onClick={write} aria-keyshortcuts="n">
            New note
          </Button>
        )
      }
    >
      <Shown
        asked={asked}
        height="80px"
        isEmpty={() => notes.length === 0}
        empty={<p class="panel-empty">No note for all members in this time.</p>}
      >
        {() => <Timeline notes={notes} onOpen={(id) => setWish({ kind: 'open', id })} />}
      </Shown>
      <NoteDialog wish={wish} onClose={() => setWish(null)} onChange={asked.reload} />
    </Panel>
  );
};
