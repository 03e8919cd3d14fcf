import { Icon } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { useApp } from '../state/app-state.ts';
import { hueOf } from './organization-colour.ts';
import { organizationHref } from './places.ts';
import { SwitcherList } from './switcher-list.tsx';
import './switcher.css';

/** The organization that is looked at, with the others behind it. One alone is a name without a list. */
export const OrganizationSwitcher = () => {
  const { router, session, organization } = useApp();
  const state = session.state.value;
  if (state.kind !== 'signed-in') return null;
  const shown = organization.value ?? state.home;
  const words = (
    <>
      <OrganizationSign id={shown.id} name={shown.name} />
      <span class="switcher-words">{shown.name}</span>
      {state.organizations.length > 1 && <Icon name="down" size={14} />}
    </>
  );
  if (state.organizations.length === 1)
    return (
      <div class="button is-quiet switcher-button" aria-label="Organization" role="group">
        {words}
      </div>
    );
  return (
    <Popover kind="quiet" words={words} label={`Organization: ${shown.name}`} buttonClass="switcher-button">
      {({ close }) => (
        <SwitcherList
          label="Organizations"
          close={close}
          items={state.organizations.map((one) => ({
            id: one.id,
            words: one.name,
            note: one.isHome ? 'home' : '',
            sign: <OrganizationSign id={one.id} name={one.name} />,
            isChosen: one.id === shown.id,
            href: organizationHref(one, router.address.value),
          }))}
        />
      )}
    </Popover>
  );
};

/** The initials of an organization on its own colour. */
export const OrganizationSign = ({ id, name }: { readonly id: string; readonly name: string }) => (
  <span class="switcher-sign" style={{ '--hue': String(hueOf(id)) }} aria-hidden="true">
    {initialsOf(name)}
  </span>
);

/** First letters of the first two words. */
const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 63).toUpperCase())
    .join('');
