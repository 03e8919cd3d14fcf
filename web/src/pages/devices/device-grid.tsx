import { VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { SmallMultiples } from '../../charts/small-multiples.tsx';
import { valueWords } from '../../reports/dimension-words.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { together } from '../../state/together.ts';
import { useRequest } from '../../state/use-request.ts';

const DEVICES = ['mobile', 'tablet', 'desktop'];

/** Device × browser: a small distribution each. One breakdown for each device. */
export const DeviceGrid = ({ selected }: { readonly selected: Selected }) => {
  const { view, selection, addFilter } = selected;
  const ask = (device: string) => ({
    ...reports.breakdown([...selection, ['filter', `device:is:${device}`]], {
      dimension: 'browser',
      vital: view.vital,
      limit: 8,
      vitals: view.vital,
    }),
    rows: valueWords('device', device),
    tables: [],
  });
  const requests = { mobile: ask('mobile'), tablet: ask('tablet'), desktop: ask('desktop') };
  const asked = together([
    useRequest(requests.mobile),
    useRequest(requests.tablet),
    useRequest(requests.desktop),
  ]);
  return (
    <Panel
      title="Device by browser"
      note={`${VITALS[view.vital].label}: the share of good, needs work and poor in each; the value is p${view.percentile}.`}
      request={Object.values(requests)}
    >
      <Shown asked={asked} height="177px">
        {(answers) => (
          <SmallMultiples
            label={`${VITALS[view.vital].name} by device and browser`}
            rows={DEVICES.map((device, index) => ({
              name: valueWords('device', device),
              onChoose: () => addFilter('device', device),
              cells: new Map(
                (answers[index]?.rows ?? []).map((row) => [
                  row.value,
                  { figures: row.vitals[0], views: row.views },
                ]),
              ),
            }))}
            columns={browsersOf(answers.map(({ rows }) => rows))}
          />
        )}
      </Shown>
    </Panel>
  );
};

/** The browsers of all devices, most page views first. */
const browsersOf = (
  breakdowns: readonly (readonly { readonly value: string; readonly views: number }[])[],
): readonly { readonly key: string; readonly name: string }[] => {
  const views = new Map<string, number>();
  for (const { value, views: count } of breakdowns.flat()) views.set(value, (views.get(value) ?? 0) + count);
  return [...views]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 6)
    .map(([key]) => ({ key, name: valueWords('browser', key) }));
};
