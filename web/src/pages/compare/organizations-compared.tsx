import type { CompareAnswer, Summary } from '#reports';
import type { Query } from '../../api/client.ts';
import { reports } from '../../api/reports.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { useRequest } from '../../state/use-request.ts';
import { DifferenceTable } from './difference-table.tsx';
import { useComparable } from './organization-sides.tsx';

/**
 * Two organizations side by side: a summary of each, asked in its own context, since no report sees page views of two. So what differs is told, and not how much of it is
 * other visitors.
 */
export const OrganizationsCompared = ({
  a,
  b,
  selection,
}: {
  readonly a: string;
  readonly b: string;
  readonly selection: Query;
}) => {
  const organizations = useComparable();
  const nameOf = (id: string): string => organizations.find((known) => known.id === id)?.name ?? id;
  // A site is one organization's.
  const ofBoth = selection.filter(([name]) => name !== 'site');
  const requestOf = (tenant: string) => ({
    ...reports.summary(ofBoth),
    tenant,
    rows: nameOf(tenant),
  });
  const [askedA, askedB] = [useRequest(requestOf(a)), useRequest(requestOf(b))];
  return (
    <Panel
      title="Difference"
      note="Each organization with all of its sites. Intervals that overlap are not said to differ. How much of it is other visitors cannot be told: no report sees page views of two organizations."
      request={a === b ? requestOf(a) : [requestOf(a), requestOf(b)]}
    >
      <Shown asked={askedA} height="300px">
        {(ofA) => (
          <Shown asked={askedB} height="300px">
            {(ofB) => <DifferenceTable answer={together(ofA, ofB)} wordsA={nameOf(a)} wordsB={nameOf(b)} />}
          </Shown>
        )}
      </Shown>
    </Panel>
  );
};

const together = (a: Summary, b: Summary): CompareAnswer => ({
  a,
  b,
  changes: [],
  distributions: [],
  likelyCauses: [],
  source: a.source,
});
