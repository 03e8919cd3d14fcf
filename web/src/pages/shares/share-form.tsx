import { useState } from 'preact/hooks';
import { VITALS } from '#vitals';
import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { FormActions } from '../../parts/form-actions.tsx';
import { OnceShown } from '../../parts/once-shown.tsx';
import { useApp } from '../../state/app-state.ts';
import { shareSelectionOf } from '../../state/shared-view.ts';
import { ENGINE_WORDS } from '../../shell/measure-panel.tsx';
import { compareWords, periodWords } from '../../state/period.ts';
import { ActionError } from '../admin/parts/action-error.tsx';
import { useAction } from '../admin/parts/use-action.ts';
import { inDays } from '../people/in-days.ts';

/** Pages that can be shared: those that show figures of many page views. */
const PAGES = [
  { value: 'overview', label: 'Overview' },
  { value: 'pages', label: 'Pages' },
  { value: 'distributions', label: 'Distributions' },
  { value: 'geography', label: 'Geography' },
  { value: 'devices', label: 'Devices' },
  { value: 'navigations', label: 'Navigations' },
] as const;

/** The name of a page for people. */
export const pageWords = (page: string): string => PAGES.find(({ value }) => value === page)?.label ?? page;

/** For a sentence: names of months keep their capitals. */
export const lowerFirst = (words: string): string => words.slice(0, 1).toLowerCase() + words.slice(1);

/** Makes a link to the selection of the address, shown once. */
export const ShareForm = ({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: () => void;
}) => {
  const { router, now } = useApp();
  const action = useAction();
  const { site, view } = router.address.value;
  const [name, setName] = useState('');
  const [page, setPage] = useState<string>('overview');
  const [days, setDays] = useState('30');
  const [notes, setNotes] = useState(false);
  const [path, setPath] = useState<string | null>(null);
  if (path !== null)
    return <OnceShown what="The link" secret={`${window.location.origin}${path}`} onClose={onClose} />;
  const selection = shareSelectionOf(site, view);
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wish = { name: name.trim(), page, selection, notes, expires: inDays(days) };
    const made = await action.send<{ readonly path: string }>('POST', '/shares', wish);
    if (made === undefined) return;
    setPath(made.path);
    onMade();
  };
  return (
    <form class="admin-form" onSubmit={(event) => void make(event)}>
      <ActionError error={action.error} fields={['name', 'expires']} />
      <p>
        Shows <b>{site ?? 'all sites'}</b>, <b>{periodWords(view.from, view.to, now.value)}</b>
        {view.filters.length > 0 && (
          <>
            , with {view.filters.length} {view.filters.length === 1 ? 'filter' : 'filters'}
          </>
        )}
        , {ENGINE_WORDS[view.engine]}
        {view.bots && ', with bots'}, p{view.percentile} of {VITALS[view.vital].label}
        {view.compare !== 'none' && <>, {lowerFirst(compareWords(view.compare, now.value))}</>}. A period that
        moves on keeps moving. Whoever has the link sees nothing outside of this.
      </p>
      <TextField
        label="Name"
        value={name}
        onValue={setName}
        maxLength={100}
        placeholder="For the board"
        fault={action.fault('name')}
        required
      />
      <SelectField
        label="Begins at"
        value={page}
        choices={PAGES.map(({ value, label }) => ({ value: value as string, label }))}
        onValue={setPage}
      />
      <SelectField
        label="Good for"
        value={days}
        choices={[
          { value: '1', label: 'a day' },
          { value: '7', label: 'a week' },
          { value: '30', label: '30 days' },
          { value: '365', label: 'a year' },
        ]}
        fault={action.fault('expires')}
        onValue={setDays}
      />
      <CheckField
        label="Show notes"
        checked={notes}
        onValue={setNotes}
        hint="Notes that all of the organization sees stand on the charts, with their texts and links, signed by the organization and not by who wrote them. Never personal ones, and none of an umbrella organization."
      />
      <FormActions words="Make the link" isBusy={action.isBusy} onCancel={onClose} />
    </form>
  );
};
