import type { PageViewAnswer } from '#reports';
import { CopyButton } from '../../parts/copy-button.tsx';
import { formatDuration } from '../../parts/numbers.ts';
import { Panel } from '../../reports/panel.tsx';

const KINDS: Readonly<Record<string, string>> = {
  visit_page: 'Page load',
  quit_page: 'Page left',
  xhr: 'Request',
  spa: 'Soft navigation',
  spa_hard: 'First page of the application',
  error: 'Error',
  interaction: 'Interaction',
  bfcache: 'Back from the back/forward cache',
  early: 'Early',
  custom: 'Custom',
  other: 'Other',
};

/** The beacons that the page view was put together from, each with all that is stored of it. */
export const BeaconsPanel = ({
  beacons,
  files,
}: {
  readonly beacons: PageViewAnswer['beacons'];
  readonly files: PageViewAnswer['boomerangFiles'];
}) => (
  <Panel
    title="Beacons"
    note={`Put together from ${beacons.length === 1 ? 'one beacon' : `${beacons.length} beacons`}, by time. Parameters are as stored: by column, the rest as the page sent it.`}
  >
    <ol class="page-view-beacons">
      {beacons.map((beacon, index) => {
        const parameters = Object.entries(beacon.parameters);
        return (
          <li key={index}>
            <details>
              <summary>
                <b>{KINDS[beacon.kind] ?? beacon.kind}</b>{' '}
                <span class="quiet numbers">
                  {beacon.at.slice(11, 23)} UTC · {parameters.length} parameters
                </span>
              </summary>
              <p class="quiet page-view-position">
                Journal segment {beacon.segment}, offset {beacon.offset}{' '}
                <CopyButton text={JSON.stringify(beacon.parameters, null, 2)} what="The beacon as JSON" />
              </p>
              <dl class="page-view-facts" tabIndex={0} aria-label="Parameters">
                {parameters.map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </details>
          </li>
        );
      })}
    </ol>
    {files.length > 0 && (
      <p class="quiet page-view-position">{files.map((file) => fileWords(file)).join(' ')}</p>
    )}
  </Panel>
);

/** What Boomerang itself cost the page. */
const fileWords = ({ file, start, end }: PageViewAnswer['boomerangFiles'][number]): string =>
  `${file === 'boomerang' ? 'Boomerang' : 'Its configuration'} was fetched from ${formatDuration(start)} to ${formatDuration(end)}.`;
