import type { MetricValues } from '#core';

/** Values of a metric with these labels. */
export interface Figure {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The counters and gauges of all threads, by name; those of the same name and labels are summed. */
export interface Figures {
  of(name: string): readonly Figure[];
  /** Sum over all labels; null: nobody has this metric. */
  sum(name: string): number | null;
  /** Names that begin so. */
  names(beginning: string): readonly string[];
}

/** Puts the values of several threads together. */
export const createFigures = (parts: readonly MetricValues[]): Figures => {
  const byName = new Map<string, Map<string, Figure>>();
  for (const metric of parts.flat()) {
    const known = byName.get(metric.name) ?? new Map<string, Figure>();
    byName.set(metric.name, known);
    const values = 'values' in metric && Array.isArray(metric.values) ? (metric.values as unknown[]) : [];
    for (const value of values) {
      const figure = toFigure(value);
      if (figure === null) continue;
      const key = JSON.stringify(Object.entries(figure.labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      known.set(key, { ...figure, value: (known.get(key)?.value ?? 0) + figure.value });
    }
  }
  const of = (name: string): readonly Figure[] => [...(byName.get(name)?.values() ?? [])];
  return {
    of,
    sum: (name) => (byName.has(name) ? of(name).reduce((sum, { value }) => sum + value, 0) : null),
    names: (beginning) => [...byName.keys()].filter((name) => name.startsWith(beginning)),
  };
};

/** Histograms have values with a name of their own, which are left out. */
const toFigure = (value: unknown): Figure | null => {
  if (typeof value !== 'object' || value === null || 'metricName' in value) return null;
  const { value: number, labels } = value as { value?: unknown; labels?: unknown };
  if (typeof number !== 'number') return null;
  const pairs = Object.entries((labels ?? {}) as Record<string, unknown>);
  return { value: number, labels: Object.fromEntries(pairs.map(([name, text]) => [name, String(text)])) };
};
