import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The metrics of one process. Names are `rumbrella_<subsystem>_<what>_<unit>[_total]`; labels come from our own lists
 * (tenants of the users map, reasons), never from what a client sent, so their number is bounded.
 */
export interface Metrics {
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>;
  /** Calls `update` each time before values are read: for figures that are kept as plain numbers on a hot path. */
  beforeValues(update: () => void): void;
  /** All values, in the form that another process or thread can merge with `metricsText`. */
  values(): Promise<MetricValues>;
}

/** The values of one process or thread. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Creates an empty set of metrics. */
export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const updates: (() => void)[] = [];
  return {
    counter: (name, help, labels = []) =>
      new Counter({ name, help, labelNames: labels, registers: [registry] }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: labels, registers: [registry] }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [registry] }),
    beforeValues: (update) => void updates.push(update),
    values: () => {
      for (const update of updates) update();
      return registry.getMetricsAsJSON();
    },
  };
};

/** Prometheus' text form of the merged values of several processes or threads (counters and gauges are summed). */
export const metricsText = async (parts: readonly MetricValues[]): Promise<string> =>
  AggregatorRegistry.aggregate([...parts]).metrics();
