import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { GROUPS, type Route } from '../route.ts';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';
import { useNavigation } from './navigation.ts';
import { OrganizationSwitcher } from './organization-switcher.tsx';
import { SitePicker } from './site-picker.tsx';
import './rail.css';

/** What stands at the left: for whom and which site, the way to everything, the pages, oneself. */
export const Rail = ({
  current,
  onSearch,
}: {
  readonly current: Route | undefined;
  readonly onSearch: () => void;
}) => (
  <aside class="rail" aria-label="Navigation">
    <div class="rail-inside">
      <a class="rail-brand" href="/app/">
        <Brand />
      </a>
      <RailContent current={current} onSearch={onSearch} />
    </div>
  </aside>
);

/** The content of the rail, also in the sheet of narrow windows. */
export const RailContent = ({
  current,
  onSearch,
}: {
  readonly current: Route | undefined;
  readonly onSearch: () => void;
}) => (
  <>
    <div class="switcher">
      <OrganizationSwitcher />
      <SitePicker />
    </div>
    <Button class="rail-search" icon="search" onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
      <span>Go to…</span>
      <kbd>{MOD_K}</kbd>
    </Button>
    <RailLinks current={current} />
    <AccountMenu />
  </>
);

const MOD_K = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

const RailLinks = ({ current }: { readonly current: Route | undefined }) => {
  const entries = useNavigation();
  return (
    <nav class="rail-links" aria-label="Pages">
      {GROUPS.map((group) => {
        const own = entries.filter((entry) => entry.nav.group === group);
        if (own.length === 0) return null;
        return (
          <section key={group}>
            <h2>{group}</h2>
            <ul>
              {own.map(({ route, nav, href }) => (
                <li key={route.name}>
                  <a href={href} {...(route === current && { 'aria-current': 'page' as const })}>
                    <Icon name={nav.icon} />
                    {route.title}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
};
