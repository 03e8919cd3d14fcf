import { useState } from 'preact/hooks';
import type { ModuleLine, RouteLine } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Tag } from '../../../parts/badge.tsx';
import { Select, TextField } from '../../../parts/field.tsx';
import { formatCount, NOTHING } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { Tabs } from '../../../parts/tabs.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useApp } from '../../../state/app-state.ts';
import { useRequest } from '../../../state/use-request.ts';
import { useHome } from '../parts/use-home.ts';
import '../parts/admin.css';

/** Modules, where they are enabled, and the paths that they answer. */
export const Gateway = () => {
  const { router } = useApp();
  const chosen = router.address.value.extra['tab'] === 'routes' ? 'routes' : 'modules';
  return (
    <div class="admin-page">
      <PageTitle
        title="Modules and routes"
        note="What stands behind the gateway: modules, their interfaces, for whom they are enabled, and which path goes where."
      />
      <Tabs
        label="Modules and routes"
        tabs={[
          { id: 'modules', words: 'Modules' },
          { id: 'routes', words: 'Routes' },
        ]}
        chosen={chosen}
        onChoose={(tab) => router.setExtra({ tab: tab === 'modules' ? null : tab }, { replace: true })}
      >
        <div class="admin-tab">{chosen === 'modules' ? <Modules /> : <Routes />}</div>
      </Tabs>
    </div>
  );
};

const Modules = () => {
  const home = useHome()?.id;
  const asked = useRequest(operations.modules(home));
  const map = useRequest(operations.organizations(home));
  const everybody = map.data?.organizations.length;
  return (
    <Panel title="Modules">
      <Shown asked={asked} height="320px">
        {({ modules }) => (
          <Table<ModuleLine>
            caption="Modules that the gateway knows"
            rows={modules}
            keyOf={({ id }) => id}
            columns={[
              {
                id: 'module',
                title: 'Module',
                cell: ({ id, builtIn }) => (
                  <>
                    <b>{id}</b> {!builtIn && <span class="quiet">added</span>}
                  </>
                ),
              },
              {
                id: 'running',
                title: 'Runs',
                cell: ({ running, builtIn, instances }) =>
                  builtIn ? (
                    'in process'
                  ) : running ? (
                    <span class="admin-mono">{instances.join(', ')}</span>
                  ) : (
                    <Tag kind="warning">no instance</Tag>
                  ),
              },
              {
                id: 'provides',
                title: 'Provides',
                cell: ({ provides }) => interfacesText(provides),
              },
              { id: 'requires', title: 'Requires', cell: ({ requires }) => interfacesText(requires) },
              {
                id: 'executes',
                title: 'Executed for',
                cell: ({ executesIn }) =>
                  executesIn === 'origin' ? "the user's home" : 'the organization asked for',
              },
              {
                id: 'enabled',
                title: 'Enabled for',
                cell: ({ enabledFor }) =>
                  enabledFor.length === everybody
                    ? 'all'
                    : enabledFor.length > 4
                      ? `${formatCount(enabledFor.length)} organizations`
                      : enabledFor.join(', ') || 'nobody',
              },
            ]}
          />
        )}
      </Shown>
    </Panel>
  );
};

const interfacesText = (interfaces: ModuleLine['provides']): string =>
  interfaces
    .filter(({ id }) => !id.startsWith('_'))
    .map(({ id, version }) => `${id} ${version}`)
    .join(', ') || NOTHING;

const Routes = () => {
  const { router } = useApp();
  const home = useHome();
  const map = useRequest(operations.organizations(home?.id));
  const tenant = router.address.value.extra['tenant'] ?? home?.id ?? '';
  const asked = useRequest(tenant === '' ? null : operations.routes(home?.id, tenant));
  const [search, setSearch] = useState('');
  const fits = (route: RouteLine): boolean =>
    `${route.path} ${route.module} ${route.permissionsRequired.join(' ')}`
      .toLowerCase()
      .includes(search.trim().toLowerCase());
  return (
    <Panel
      title="Routes"
      note="Exactly one handler answers a path; filters see every request that fits on its way."
      actions={
        <Select
          label="Of which organization"
          value={tenant}
          onValue={(next) => router.setExtra({ tenant: next }, { replace: true })}
          choices={(map.data?.organizations ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      }
    >
      <TextField label="Search" type="search" value={search} onValue={setSearch} spellcheck={false} />
      <Shown asked={asked} height="320px">
        {({ routes }) => {
          const shown = routes.filter(fits);
          return shown.length === 0 ? (
            <p class="panel-empty">No path, module or permission contains this.</p>
          ) : (
            <Table<RouteLine & { readonly place: number }>
              caption="Paths and the modules that answer them"
              rows={shown.map((route, place) => ({ ...route, place }))}
              keyOf={({ place }) => String(place)}
              columns={[
                {
                  id: 'path',
                  title: 'Path',
                  cell: ({ methods, path }) => (
                    <span class="admin-mono">
                      {methods.join(' ')} {path}
                    </span>
                  ),
                },
                { id: 'module', title: 'Module', cell: ({ module }) => module },
                {
                  id: 'phase',
                  title: 'Phase',
                  cell: ({ phase, level }) => (level === null ? phase : `${phase}, level ${level}`),
                },
                { id: 'type', title: 'Type', cell: ({ type }) => type },
                {
                  id: 'permissions',
                  title: 'Needs',
                  cell: ({ permissionsRequired }) => (
                    <span class="admin-mono">{permissionsRequired.join(', ') || NOTHING}</span>
                  ),
                },
              ]}
            />
          );
        }}
      </Shown>
    </Panel>
  );
};
