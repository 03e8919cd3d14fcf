import { countOf, percentileOf } from '#vitals';
import { countBuckets } from './bucket-counts.ts';
import { conditionOf } from './condition.ts';
import type { PhasesAnswer } from './contract.ts';
import { report } from './report.ts';
import { periodOf, select, SELECTION_PARAMETERS } from './selection.ts';

const PHASES = ['ttfb', 'load_delay', 'load_duration', 'render_delay'] as const;
const COLUMNS = ['lcp_ttfb', 'lcp_load_delay', 'lcp_load_duration', 'lcp_render_delay'] as const;

/** `GET /reports/phases` */
export const phasesReport = report({
  path: '/reports/phases',
  permission: 'reports.get',
  description: 'The parts of LCP, each at the percentile, of page views that have all of them',
  parameters: SELECTION_PARAMETERS,
  answer: async (asked): Promise<PhasesAnswer> => {
    const selection = await select(asked);
    const selected = conditionOf(selection);
    const where = {
      ...selected,
      sql: `${selected.sql} AND ${COLUMNS.map((column) => `${column} > 0`).join(' AND ')}`,
    };
    const counts = await countBuckets(asked.views, {
      period: periodOf(selection),
      where,
      columns: COLUMNS,
    });
    return {
      selection,
      samples: countOf(counts.distribution('lcp_ttfb', 0)),
      phases: PHASES.map((phase) => ({
        phase,
        // The parts are on the scale of durations, as LCP is.
        value: percentileOf('lcp', counts.distribution(`lcp_${phase}`, 0), selection.percentile),
      })),
      source: asked.views.source(counts.hasGenerated),
    };
  },
  columns: { phase: 'text', value: 'number', samples: 'whole' },
  rows: ({ phases, samples }) => phases.map(({ phase, value }) => ({ phase, value, samples })),
});
