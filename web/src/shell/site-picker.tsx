import { formatShort } from '../parts/numbers.ts';
import { Icon } from '../parts/icon.tsx';
import { LockedPill } from '../parts/pill.tsx';
import { Popover } from '../parts/popover.tsx';
import { useApp } from '../state/app-state.ts';
import { useLock } from '../state/use-lock.ts';
import { siteHref } from './places.ts';
import { SwitcherList } from './switcher-list.tsx';
import { useSites } from './use-sites.ts';

/** The site that is looked at, or all of them. */
export const SitePicker = () => {
  const { router, organization } = useApp();
  const sites = useSites();
  const lock = useLock();
  const shown = organization.value;
  if (shown === null || shown.trace === null) return null;
  const address = router.address.value;
  const name = address.site ?? 'All sites';
  if (lock !== null && lock.site !== null)
    return (
      <LockedPill words={`Site ${name}`}>
        <span class="unseen">Site: </span>
        {name}
      </LockedPill>
    );
  return (
    <Popover
      kind="quiet"
      label="Site"
      buttonClass="switcher-button is-site"
      words={
        <>
          <Icon name="geography" />
          <span class="switcher-words">{name}</span>
          <Icon name="down" size={14} />
        </>
      }
    >
      {({ close }) => (
        <SwitcherList
          label="Sites"
          close={close}
          items={[
            {
              id: '-',
              words: 'All sites',
              note: '',
              isChosen: address.site === null,
              href: siteHref(null, shown, address),
            },
            ...sites.map(({ hostname, views }) => ({
              id: hostname,
              words: hostname,
              note: views === null ? '' : formatShort(views),
              isChosen: address.site === hostname,
              href: siteHref(hostname, shown, address),
            })),
          ]}
        />
      )}
    </Popover>
  );
};
