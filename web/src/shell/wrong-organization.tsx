import type { Organization } from '../api/session.ts';
import { ButtonLink } from '../parts/button.tsx';
import { EmptyState } from '../parts/message.tsx';
import { useApp } from '../state/app-state.ts';
import { OrganizationSign } from './organization-switcher.tsx';
import { organizationHref } from './places.ts';
import './switcher.css';

/** For an address of an organization that one may not act for. Says the same whether it exists or not. */
export const UnknownOrganization = ({ id }: { readonly id: string }) => (
  <EmptyState
    icon="lock"
    title="You cannot look at this organization"
    actions={
      <ButtonLink kind="primary" href="/app/">
        Go to your own
      </ButtonLink>
    }
  >
    Your account may not act for “{id}”. The operator of Rumbrella can allow it with a relation in the users
    map, for as long as it is needed.
  </EmptyState>
);

/** For a page about sites in an organization that sends no beacons: its members have them. */
export const NoReports = ({ organization }: { readonly organization: Organization }) => {
  const { router, session } = useApp();
  const state = session.state.value;
  const members =
    state.kind === 'signed-in'
      ? state.organizations.filter(({ trace, id }) => trace !== null && id !== organization.id)
      : [];
  return (
    <EmptyState icon="consortium" title={`${organization.name} sends no beacons of its own`}>
      {members.length === 0
        ? 'Give it a trace in the users map, and put the snippet on its pages.'
        : 'Look at one of its members:'}
      {members.length > 0 && (
        <span class="message-actions">
          {members.map((member) => (
            <ButtonLink key={member.id} href={organizationHref(member, router.address.value)}>
              <OrganizationSign id={member.id} name={member.name} />
              {member.name}
            </ButtonLink>
          ))}
        </span>
      )}
    </EmptyState>
  );
};
