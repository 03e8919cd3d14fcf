import { useState } from 'preact/hooks';
import {
  type Annotation,
  deleteNote,
  hideNote,
  noteRequest,
  postNote,
  putNote,
} from '../../api/annotations.ts';
import { ApiError } from '../../api/errors.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog, DialogActions } from '../../parts/dialog.tsx';
import { Message } from '../../parts/message.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { useApp } from '../../state/app-state.ts';
import { useGuest } from '../../state/use-guest.ts';
import { useRequest } from '../../state/use-request.ts';
import { draftOf, inputOf, newDraft, type NoteDraft, type WritableScope } from './note-draft.ts';
import { NoteForm } from './note-form.tsx';
import { NoteView } from './note-view.tsx';
import { useScopes } from './use-scopes.ts';
import './notes.css';

/** What the dialog is opened for: a new note at a moment or over a period (epoch ms), or one that is there. */
export type NoteWish =
  | {
      readonly kind: 'new';
      readonly from: number;
      readonly to: number | null;
      readonly site: string | null;
      /** The scope to begin with, where the caller may write it. */
      readonly scope?: WritableScope;
    }
  | { readonly kind: 'open'; readonly id: string };

/** Writes, shows, changes, hides and removes notes of the organization shown. `onChange` after each change: ask for notes again. */
export const NoteDialog = ({
  wish,
  onClose,
  onChange,
}: {
  /** null: closed. */
  readonly wish: NoteWish | null;
  readonly onClose: () => void;
  readonly onChange: () => void;
}) => (
  <Dialog title={wish?.kind === 'open' ? 'Note' : 'New note'} isOpen={wish !== null} onClose={onClose}>
    {wish?.kind === 'new' && <NewNote wish={wish} onClose={onClose} onChange={onChange} />}
    {wish?.kind === 'open' && <OpenNote id={wish.id} onClose={onClose} onChange={onChange} />}
  </Dialog>
);

interface Closing {
  readonly onClose: () => void;
  readonly onChange: () => void;
}

const NewNote = ({
  wish,
  onClose,
  onChange,
}: Closing & { readonly wish: Extract<NoteWish, { kind: 'new' }> }) => {
  const { client } = useApp();
  const scopes = useScopes();
  const draft = newDraft(wish.from, wish.to, wish.site, scopes);
  const scope = scopes.find((known) => known === wish.scope) ?? draft.scope;
  const sending = useSending(onClose, onChange, 'The note was added.');
  return (
    <NoteForm
      initial={{ ...draft, scope }}
      scopes={scopes}
      words="Add note"
      {...sending.shown}
      onSend={(draft) => sending.send((tenant) => postNote(client, tenant, inputOf(draft)))}
      onCancel={onClose}
    />
  );
};

const OpenNote = ({ id, onClose, onChange }: Closing & { readonly id: string }) => {
  const { data, error } = useRequest(noteRequest(id));
  const [isEditing, setEditing] = useState(false);
  if (error !== undefined) return <Message kind="trouble" title={error.message} />;
  if (data === undefined) return <SkeletonLines count={6} />;
  return isEditing ? (
    <EditNote note={data} onClose={onClose} onChange={onChange} onCancel={() => setEditing(false)} />
  ) : (
    <ShowNote note={data} onClose={onClose} onChange={onChange} onEdit={() => setEditing(true)} />
  );
};

const EditNote = ({
  note,
  onClose,
  onChange,
  onCancel,
}: Closing & { readonly note: Annotation; readonly onCancel: () => void }) => {
  const { client } = useApp();
  const isMine = useIsMine(note);
  const writable = useScopes();
  const draft: NoteDraft = draftOf(note);
  const scopes = writable.includes(draft.scope) ? writable : [draft.scope, ...writable];
  const sending = useSending(onClose, onChange, 'The note was changed.');
  return (
    <NoteForm
      initial={draft}
      scopes={scopes}
      words="Save"
      {...sending.shown}
      onSend={(changed) =>
        sending.send((tenant) => putNote(client, tenant, note.id, inputOf(changed), isMine))
      }
      onCancel={onCancel}
    />
  );
};

const ShowNote = ({
  note,
  onClose,
  onChange,
  onEdit,
}: Closing & { readonly note: Annotation; readonly onEdit: () => void }) => {
  const { client, organization } = useApp();
  const isMine = useIsMine(note);
  // A week before and after reaches beyond what a share link shows.
  const isGuest = useGuest();
  const removing = useSending(onClose, onChange, 'The note was deleted.');
  const hiding = useSending(
    onClose,
    onChange,
    note.hidden ? 'The note is shown again.' : 'The note is hidden.',
  );
  const trouble = removing.shown.trouble || hiding.shown.trouble;
  return (
    <>
      <h3 class="note-title">{note.title}</h3>
      <NoteView note={note} hasReports={organization.value?.trace !== null && !isGuest} />
      {trouble !== '' && <Message kind="trouble" title={trouble} />}
      <DialogActions>
        {note.may.hide && (
          <Button
            isBusy={hiding.shown.isBusy}
            onClick={() => hiding.send((tenant) => hideNote(client, tenant, note.id, !note.hidden))}
          >
            {note.hidden ? 'Show here again' : 'Hide here'}
          </Button>
        )}
        {note.may.remove && (
          <DeleteButton
            isBusy={removing.shown.isBusy}
            onConfirm={() => removing.send((tenant) => deleteNote(client, tenant, note.id, isMine))}
          />
        )}
        {note.may.edit && (
          <Button kind="primary" icon="edit" onClick={onEdit}>
            Edit
          </Button>
        )}
      </DialogActions>
    </>
  );
};

/** Asks once more before something is gone. */
const DeleteButton = ({
  isBusy,
  onConfirm,
}: {
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
}) => {
  const [isAsking, setAsking] = useState(false);
  return isAsking ? (
    <Button kind="danger" icon="trash" isBusy={isBusy} onClick={onConfirm}>
      Delete for good
    </Button>
  ) : (
    <Button icon="trash" onClick={() => setAsking(true)}>
      Delete
    </Button>
  );
};

const useIsMine = ({ author }: Annotation): boolean => {
  const { session } = useApp();
  const state = session.state.value;
  if (state.kind !== 'signed-in' || author === null) return false;
  return author.username === state.username && author.organization.id === state.home.id;
};

/** Sends a change of the organization shown; closes and says so when it was taken. */
const useSending = (onClose: () => void, onChange: () => void, done: string) => {
  const { router, toasts } = useApp();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const send = (change: (tenant: string) => Promise<unknown>): void => {
    setBusy(true);
    setError(null);
    change(router.address.value.org ?? '').then(
      () => {
        toasts.say(done);
        onChange();
        onClose();
      },
      (failure: unknown) => {
        setBusy(false);
        setError(failure instanceof ApiError ? failure : null);
      },
    );
  };
  const fields = error?.fields ?? new Map<string, string>();
  return { send, shown: { isBusy, trouble: error?.message ?? '', faults: fields } };
};
