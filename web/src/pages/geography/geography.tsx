import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Breakdown } from '#reports';
import { type VitalId, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import type { WorldMapProps } from '../../charts/world-map.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { BreakdownPanel } from '../../reports/breakdown-panel.tsx';
import { countryName } from '../../reports/dimension-words.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { useSelected } from '../../reports/use-selected.ts';
import { VitalChoice } from '../../reports/vital-choice.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useWideWindow } from '../../shell/use-wide-window.ts';
import { useExtra } from '../../state/use-extra.ts';
import { useRequest } from '../../state/use-request.ts';

/** On phones the ranked list says it better than a map that cannot be hit. */
const LEAST_MAP_WINDOW_PX = 481;
const MAP_SHOWS = ['value', 'views'] as const;

/** Where visitors are, and where it is slow for them. */
export const Geography = () => {
  const selected = useSelected();
  const { view, selection, addFilter } = selected;
  const [by, setBy] = useExtra('map', 'value', MAP_SHOWS);
  const hasMap = useWideWindow(LEAST_MAP_WINDOW_PX);
  const countries = reports.breakdown(selection, {
    dimension: 'country',
    vital: view.vital,
    limit: 250,
    vitals: view.vital,
  });
  const asked = useRequest(hasMap ? countries : null, 'first');
  useEffect(() => {
    // While the figures are under way; that it failed is told where the map would be.
    if (hasMap) loadMap().catch(() => undefined);
  }, [hasMap]);
  const isFirstThere = !hasMap || asked.data !== undefined || asked.error !== undefined;
  return (
    <>
      <PageTitle
        title="Geography"
        note="Where visitors are, and where it is slow for them."
        actions={<VitalChoice />}
      />
      {hasMap && (
        <Panel
          title={by === 'value' ? `${VITALS[view.vital].name} by country` : 'Page views by country'}
          note="Choose a country to see it alone."
          request={countries}
          actions={
            <Segmented
              label="The map shows"
              value={by}
              choices={[
                { value: 'value', label: VITALS[view.vital].label },
                { value: 'views', label: 'Page views' },
              ]}
              onValue={setBy}
            />
          }
        >
          <Shown asked={asked} height="420px" isEmpty={({ rows }) => rows.length === 0}>
            {(breakdown) => (
              <LazyMap
                label={`World map: ${by === 'value' ? VITALS[view.vital].name : 'page views'} by country`}
                vital={view.vital}
                by={by}
                countries={countriesOf(breakdown, view.vital)}
                onChoose={(code) => addFilter('country', code)}
              />
            )}
          </Shown>
        </Panel>
      )}
      <BreakdownPanel
        name="places"
        title="Countries and cities"
        note="Cities are known where the address of the visitor could be looked up before it was cut."
        dimensions={['country', 'city']}
        selected={selected}
        isAsked={isFirstThere}
        limit={20}
      />
    </>
  );
};

const countriesOf = ({ rows }: Breakdown, vital: VitalId): WorldMapProps['countries'] =>
  rows.map((row) => {
    const figures = row.vitals.find((each) => each.vital === vital);
    return {
      code: row.value,
      name: countryName(row.value),
      views: row.views,
      samples: figures?.samples ?? 0,
      value: figures?.value ?? null,
    };
  });

const loadMap = () => import('../../charts/world-map.tsx');

/** The map's shapes are the largest part of the application, so they come when a map is wanted. */
const LazyMap = (props: WorldMapProps) => {
  const [loaded, setLoaded] = useState<{ readonly Map: ComponentType<WorldMapProps> } | 'failed' | null>(
    null,
  );
  useEffect(() => {
    loadMap().then(
      ({ WorldMap }) => setLoaded({ Map: WorldMap }),
      () => setLoaded('failed'),
    );
  }, []);
  if (loaded === 'failed')
    return <p class="panel-empty">The map could not be loaded; the table below says the same.</p>;
  return loaded === null ? <Skeleton height="420px" /> : <loaded.Map {...props} />;
};
