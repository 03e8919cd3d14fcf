import { useState } from 'preact/hooks';
import type { ApiKey } from '../../api/accounts.ts';
import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { FormActions } from '../../parts/form-actions.tsx';
import { OnceShown } from '../../parts/once-shown.tsx';
import { useApp } from '../../state/app-state.ts';
import { ActionError } from '../admin/parts/action-error.tsx';
import { useAction } from '../admin/parts/use-action.ts';
import { useHome } from '../admin/parts/use-home.ts';
import { inDays } from '../people/in-days.ts';
import { KEY_PURPOSES, markerCommand } from './key-purposes.ts';

type Made = ApiKey & { readonly key: string };

/** Makes a key and shows it once, with the command that uses it. */
export const KeyForm = ({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: () => void;
}) => {
  const { access } = useApp();
  const home = useHome();
  const action = useAction();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(['markers']);
  const [site, setSite] = useState(home?.hostnames[0] ?? '');
  const [days, setDays] = useState('365');
  const [made, setMade] = useState<Made | null>(null);
  if (made !== null) return <MadeKey made={made} tenant={home?.id ?? ''} onClose={onClose} />;

  const purposes = KEY_PURPOSES.filter(({ permissions }) => permissions.every((one) => access.may(one)));
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await action.send<Made>('POST', '/api-keys', {
      name: name.trim(),
      permissions: purposes.filter(({ id }) => chosen.includes(id)).flatMap(({ permissions }) => permissions),
      site: site.trim() === '' ? null : site.trim(),
      expires: inDays(days),
    });
    if (answer === undefined) return;
    setMade(answer);
    onMade();
  };
  return (
    <form class="admin-form" onSubmit={(event) => void make(event)}>
      <ActionError error={action.error} fields={['name', 'site', 'permissions', 'expires']} />
      <TextField
        label="Name"
        value={name}
        onValue={setName}
        maxLength={100}
        placeholder="deploy job"
        fault={action.fault('name')}
        required
      />
      <fieldset class="admin-fieldset">
        <legend>What it may do</legend>
        {purposes.map(({ id, words, hint }) => (
          <CheckField
            key={id}
            label={words}
            hint={hint}
            checked={chosen.includes(id)}
            onValue={(isOn) =>
              setChosen((before) => (isOn ? [...before, id] : before.filter((one) => one !== id)))
            }
          />
        ))}
        {action.fault('permissions') !== undefined && (
          <p class="field-fault">{action.fault('permissions')}</p>
        )}
      </fieldset>
      <TextField
        label="Only for this site"
        value={site}
        onValue={setSite}
        hint="A host name; empty: all sites of the organization"
        placeholder="www.example.org"
        autocapitalize="none"
        spellcheck={false}
        fault={action.fault('site')}
      />
      <SelectField
        label="Good for"
        value={days}
        choices={[
          { value: '90', label: '90 days' },
          { value: '365', label: 'a year' },
          { value: '1825', label: 'five years' },
        ]}
        fault={action.fault('expires')}
        onValue={setDays}
      />
      <FormActions
        words="Make the key"
        isBusy={action.isBusy}
        disabled={chosen.length === 0}
        onCancel={onClose}
      />
    </form>
  );
};

const MadeKey = ({
  made,
  tenant,
  onClose,
}: {
  readonly made: Made;
  readonly tenant: string;
  readonly onClose: () => void;
}) => (
  <OnceShown what="The key" secret={made.key} onClose={onClose}>
    {made.permissions.includes('notes.annotations.item.post') && (
      <div>
        <p>This marks a deploy{made.site === null ? '; add the site to it' : ` of ${made.site}`}:</p>
        <pre class="snippet">{markerCommand(window.location.origin, tenant, made.key)}</pre>
      </div>
    )}
  </OnceShown>
);
