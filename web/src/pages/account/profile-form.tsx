import { useState } from 'preact/hooks';
import type { Me } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { ActionError } from '../admin/parts/action-error.tsx';
import { useAction } from '../admin/parts/use-action.ts';

const FIELDS = ['firstName', 'lastName', 'email'];

/** One's own names. */
export const ProfileForm = ({ me, onSaved }: { readonly me: Me; readonly onSaved: () => void }) => {
  const action = useAction();
  const [firstName, setFirstName] = useState(me.firstName ?? '');
  const [lastName, setLastName] = useState(me.lastName ?? '');
  const [email, setEmail] = useState(me.email ?? '');
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const names = { firstName, lastName, email };
    if ((await action.send('PUT', '/accounts/me', names, 'Your profile was saved.')) !== undefined) onSaved();
  };
  return (
    <form class="admin-form" onSubmit={(event) => void save(event)}>
      <ActionError error={action.error} fields={FIELDS} />
      <div class="admin-row">
        <TextField
          label="First name"
          value={firstName}
          onValue={setFirstName}
          autocomplete="given-name"
          fault={action.fault('firstName')}
        />
        <TextField
          label="Last name"
          value={lastName}
          onValue={setLastName}
          autocomplete="family-name"
          fault={action.fault('lastName')}
          required
        />
      </div>
      <TextField
        label="E-mail"
        type="email"
        value={email}
        onValue={setEmail}
        autocomplete="email"
        fault={action.fault('email')}
      />
      <div>
        <Button type="submit" isBusy={action.isBusy}>
          Save profile
        </Button>
      </div>
    </form>
  );
};
