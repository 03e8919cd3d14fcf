import type { BreakdownRow, CompareAnswer, Summary } from '#reports';
import { splitOfRows, VITAL_IDS } from '#vitals';
import type { Query } from '../../api/client.ts';
import { reports } from '../../api/reports.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { useRequest } from '../../state/use-request.ts';
import { DifferenceTable } from './difference-table.tsx';
import { useComparable } from './organization-sides.tsx';

/** Groups that mean the same in every organization. */
const BY = 'device';

/**
 * Two organizations side by side: a summary of each, asked in its own context, since no report sees page views of two. How much of the difference is other visitors
 * is calculated here, of the figures of the devices of each, asked in the same way: what meets are shares and numbers of page views.
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
  const areThere = askedA.data !== undefined && askedB.data !== undefined;
  const groupsOf = (tenant: string) =>
    areThere
      ? { ...reports.breakdown(ofBoth, { dimension: BY, vitals: VITAL_IDS.join(',') }), tenant }
      : null;
  const [groupsA, groupsB] = [useRequest(groupsOf(a)), useRequest(groupsOf(b))];
  const isSplit = groupsA.data !== undefined && groupsB.data !== undefined;
  const isStale = groupsA.isStale || groupsB.isStale;
  const changes = isSplit && !isStale ? changesOf(groupsA.data.rows, groupsB.data.rows) : [];
  const isRefused = groupsA.error !== undefined || groupsB.error !== undefined;
  return (
    <Panel
      title="Difference"
      note={`Each organization with all of its sites, each asked by itself. Intervals that overlap are not said to differ. ${
        isRefused
          ? 'How much of it is other visitors cannot be told, since the devices of both cannot be seen.'
          : 'The split is of the share of good page views, in points, by devices.'
      }`}
      request={a === b ? requestOf(a) : [requestOf(a), requestOf(b)]}
    >
      <Shown asked={askedA} height="300px">
        {(ofA) => (
          <Shown asked={askedB} height="300px">
            {(ofB) => (
              <DifferenceTable answer={together(ofA, ofB, changes)} wordsA={nameOf(a)} wordsB={nameOf(b)} />
            )}
          </Shown>
        )}
      </Shown>
    </Panel>
  );
};

const changesOf = (a: readonly BreakdownRow[], b: readonly BreakdownRow[]): CompareAnswer['changes'] =>
  VITAL_IDS.map((vital) => {
    const split = splitOfRows(vital, a, b);
    return split === null ? null : { vital, ...split, by: BY };
  });

const together = (a: Summary, b: Summary, changes: CompareAnswer['changes']): CompareAnswer => ({
  a,
  b,
  changes,
  distributions: [],
  likelyCauses: [],
  source: a.source,
});
