import type { CoverageCounts } from '#reports';
import { type VitalId, VITAL_IDS, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { formatCount, formatPercent } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useRequest } from '../../state/use-request.ts';
import '../../reports/breakdown-table.css';

/** How much the figures know: which browsers measure which vital, how many page views were hidden or never told that they were left. */
export const CoveragePanel = ({
  selected,
  isAsked,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const request = reports.coverage(selected.selection);
  const asked = useRequest(isAsked ? request : null);
  return (
    <Panel
      class="is-wide"
      title="What is measured"
      note="Page views with a value of each vital, by browser. Hidden while it loaded: no paint. Told that it was left: of the loaded ones; the others’ INP and CLS stand as they were before."
      request={request}
    >
      <Shown asked={asked} height="320px" isEmpty={({ total }) => total.views === 0}>
        {({ browsers, versions, total }) => (
          <>
            <CoverageTable
              caption="What is measured, by browser"
              first="Browser"
              rows={[
                ...browsers.map(({ browser, ...counts }) => ({ name: browser, counts })),
                { name: 'All together', counts: total },
              ]}
            />
            <p class="quiet">
              Sent by{' '}
              {versions
                .map(
                  ({ version, views }) =>
                    `${version === '' ? 'a Boomerang of no known version' : `Boomerang ${version}`} (${formatPercent(views / total.views)})`,
                )
                .join(', ')}
              .
            </p>
          </>
        )}
      </Shown>
    </Panel>
  );
};

const CoverageTable = ({
  caption,
  first,
  rows,
}: {
  readonly caption: string;
  readonly first: string;
  readonly rows: readonly { readonly name: string; readonly counts: CoverageCounts }[];
}) => (
  <div class="breakdown-scroll">
    <table class="breakdown">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col" class="is-number">
            Page views
          </th>
          {VITAL_IDS.map((vital) => (
            <th key={vital} scope="col" class="is-number">
              {VITALS[vital].label}
            </th>
          ))}
          <th scope="col" class="is-number">
            Hidden
          </th>
          <th scope="col" class="is-number">
            Told of leaving
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, counts }) => (
          <tr key={name}>
            <th scope="row">{name === '' ? '(not known)' : name}</th>
            <Cell label="Page views" words={formatCount(counts.views)} />
            {VITAL_IDS.map((vital) => (
              <Cell
                key={vital}
                label={VITALS[vital].label}
                words={shareOf(samplesOf(counts, vital), counts.views)}
              />
            ))}
            <Cell label="Hidden" words={shareOf(counts.hidden, counts.views)} />
            <Cell label="Told of leaving" words={shareOf(counts.left, counts.loaded)} />
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Cell = ({ label, words }: { readonly label: string; readonly words: string }) => (
  <td class="is-number numbers" data-label={label}>
    {words}
  </td>
);

const samplesOf = ({ vitals }: CoverageCounts, vital: VitalId): number =>
  vitals.find((each) => each.vital === vital)?.samples ?? 0;

const shareOf = (part: number, whole: number): string => (whole === 0 ? '–' : formatPercent(part / whole));
