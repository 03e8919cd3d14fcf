import { Button, ButtonLink } from '../parts/button.tsx';
import { EmptyState } from '../parts/message.tsx';
import { useApp } from '../state/app-state.ts';
import { siteHref } from './places.ts';
import { useSites } from './use-sites.ts';

/** As many sites are offered instead. */
const MOST = 8;

/** For an address of a site that the organization does not have: those that it has. */
export const UnknownSite = ({ site }: { readonly site: string }) => {
  const { router, organization, refresh } = useApp();
  const shown = organization.value;
  const sites = useSites().slice(0, MOST);
  if (shown === null) return null;
  return (
    <EmptyState
      icon="geography"
      title={`${shown.name} has no site “${site}”`}
      actions={
        <>
          {sites.map(({ hostname }) => (
            <ButtonLink key={hostname} href={siteHref(hostname, shown, router.address.value)}>
              {hostname}
            </ButtonLink>
          ))}
          <Button onClick={refresh}>Look again</Button>
        </>
      }
    >
      A site is there once its first beacon has arrived, or when the users map names it.
      {sites.length > 0 && ' These are there:'}
    </EmptyState>
  );
};
