import { useState } from 'preact/hooks';
import { kindsRequest } from '../../api/annotations.ts';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { FormActions } from '../../parts/form-actions.tsx';
import { Message } from '../../parts/message.tsx';
import { useRequest } from '../../state/use-request.ts';
import { faultsOf, type NoteDraft, type WritableScope } from './note-draft.ts';
import { SCOPE_WORDS } from './scopes.ts';

/** The fields of a note. `faults` are those of the server, by field. */
export const NoteForm = ({
  initial,
  scopes,
  trouble,
  faults,
  isBusy,
  words,
  onSend,
  onCancel,
}: {
  readonly initial: NoteDraft;
  /** That may be chosen. */
  readonly scopes: readonly WritableScope[];
  /** What went wrong as a whole; empty: nothing. */
  readonly trouble: string;
  readonly faults: ReadonlyMap<string, string>;
  readonly isBusy: boolean;
  /** On the button that sends. */
  readonly words: string;
  readonly onSend: (draft: NoteDraft) => void;
  readonly onCancel: () => void;
}) => {
  const [draft, setDraft] = useState(initial);
  const [isTried, setTried] = useState(false);
  const set = (change: Partial<NoteDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const own = faultsOf(draft);
  const faultOf = (field: keyof NoteDraft, sent: string = field): string | undefined =>
    (isTried ? own[field] : undefined) ?? faults.get(sent);
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(own).length === 0) onSend(draft);
  };

  return (
    <form class="note-form" onSubmit={send}>
      {trouble !== '' && <Message kind="trouble" title={trouble} />}
      <KindField value={draft.kind} fault={faultOf('kind')} onValue={(kind) => set({ kind })} />
      <TextField
        label="Title"
        value={draft.title}
        fault={faultOf('title')}
        onValue={(title) => set({ title })}
        maxLength={200}
        autofocus
      />
      <div class="note-times">
        <TextField
          label="When (UTC)"
          type="datetime-local"
          value={draft.from}
          fault={faultOf('from', 'at')}
          onValue={(from) => set({ from })}
        />
        <TextField
          label="Until (UTC), for a period"
          type="datetime-local"
          value={draft.to}
          fault={faultOf('to')}
          onValue={(to) => set({ to })}
        />
      </div>
      <SelectField
        label="Who sees it"
        value={draft.scope}
        choices={scopes.map((scope) => ({ value: scope, label: SEEN_BY[scope] }))}
        fault={faultOf('scope')}
        onValue={(scope) => set({ scope })}
      />
      {draft.scope !== 'consortium' && (
        <TextField
          label={draft.scope === 'site' ? 'Site' : 'Site (empty: all sites)'}
          value={draft.site}
          fault={faultOf('site')}
          onValue={(site) => set({ site })}
          placeholder="www.example.org"
          autocapitalize="none"
          spellcheck={false}
        />
      )}
      <TextArea
        label="Description"
        value={draft.content}
        fault={faultOf('content')}
        onValue={(content) => set({ content })}
        maxLength={10_000}
      />
      <details open={draft.version + draft.link + draft.pageGroup + draft.device !== ''}>
        <summary>Version, link, part of the site</summary>
        <div class="note-more">
          <TextField
            label="Version"
            value={draft.version}
            fault={faultOf('version')}
            onValue={(version) => set({ version })}
            maxLength={100}
          />
          <TextField
            label="Link"
            value={draft.link}
            fault={faultOf('link')}
            onValue={(link) => set({ link })}
            placeholder="https://"
          />
          <TextField
            label="Page group"
            value={draft.pageGroup}
            fault={faultOf('pageGroup')}
            onValue={(pageGroup) => set({ pageGroup })}
          />
          <SelectField
            label="Device"
            value={draft.device}
            choices={deviceChoices(draft.device)}
            onValue={(device) => set({ device })}
          />
        </div>
      </details>
      <FormActions words={words} isBusy={isBusy} onCancel={onCancel} />
    </form>
  );
};

const SEEN_BY: Readonly<Record<WritableScope, string>> = {
  personal: `${SCOPE_WORDS.personal}`,
  site: 'Everybody, on charts of this site',
  organization: 'Everybody, on all charts of the organization',
  consortium: 'All member organizations',
};

const KindField = ({
  value,
  fault,
  onValue,
}: {
  readonly value: string;
  readonly fault: string | undefined;
  readonly onValue: (kind: string) => void;
}) => {
  const { data } = useRequest(kindsRequest);
  const known = data?.kinds.map(({ key, name }) => ({ value: key, label: name })) ?? [];
  const choices = known.some((choice) => choice.value === value)
    ? known
    : [{ value, label: value.slice(0, 1).toUpperCase() + value.slice(1) }, ...known];
  return <SelectField label="Kind" value={value} choices={choices} fault={fault} onValue={onValue} />;
};

const DEVICES = ['mobile', 'tablet', 'desktop'];

const deviceChoices = (chosen: string) => [
  { value: '', label: 'All devices' },
  ...[...new Set([...DEVICES, chosen])]
    .filter((device) => device !== '')
    .map((device) => ({ value: device, label: device.slice(0, 1).toUpperCase() + device.slice(1) })),
];
