import { Icon } from '../parts/icon.tsx';
import { GROUPS, type Route } from '../routes.ts';
import { Brand } from './brand.tsx';
import { useNavigation } from './navigation.ts';
import './rail.css';

/** The navigation at the left: pages in groups. */
export const Rail = ({ current }: { readonly current: Route | undefined }) => (
  <aside class="rail">
    <a class="rail-brand" href="/app/">
      <Brand />
    </a>
    <RailLinks current={current} />
  </aside>
);

/** The links of the navigation, also in the sheet of phones. */
export const RailLinks = ({ current }: { readonly current: Route | undefined }) => {
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
