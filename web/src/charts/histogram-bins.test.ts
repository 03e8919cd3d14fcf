import { describe, expect, it } from 'vitest';
import { VITALS } from '#vitals';
import { binEdges, binsOf, domainOf } from './histogram-bins.ts';

const bucket = (from: number, to: number, count: number) => ({ from, to, count });

describe('the domain', () => {
  it('contains both thresholds even when all values are good', () => {
    const domain = domainOf('lcp', [[bucket(900, 908, 500)]]);
    expect(domain.from).toBeLessThan(VITALS.lcp.good);
    expect(domain.to).toBeGreaterThan(VITALS.lcp.poor);
  });

  it('is not stretched by the slowest percent', () => {
    const domain = domainOf('lcp', [[bucket(2_000, 2_019, 995), bucket(590_000, 595_000, 5)]]);
    expect(domain.to).toBeLessThan(10_000);
  });

  it('never begins at zero, which a logarithmic axis does not have', () => {
    expect(domainOf('cls', [[bucket(0, 0, 900)]]).from).toBeGreaterThan(0);
  });
});

describe('bins', () => {
  const edges = binEdges('lcp', { from: 100, to: 10_000 }, 40);

  it('have ascending edges with the thresholds among them', () => {
    expect(edges.toSorted((a, b) => a - b)).toEqual(edges);
    expect(edges).toContain(VITALS.lcp.good + 1);
    expect(edges).toContain(VITALS.lcp.poor + 1);
  });

  it('count every value once, those outside in the outer bins', () => {
    const bins = binsOf('lcp', [bucket(0, 0, 7), bucket(800, 807, 80), bucket(60_000, 60_599, 13)], edges);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBeCloseTo(100);
    expect(bins[0]?.count).toBe(7);
    expect(bins.at(-1)?.count).toBe(13);
    expect(bins.at(-1)?.cumulative).toBeCloseTo(1);
  });

  it('keep what equals a threshold on its better side', () => {
    const bins = binsOf('lcp', [bucket(2_500, 2_500, 1), bucket(2_501, 2_501, 10)], edges);
    const ofRating = (rating: string): number =>
      bins.filter((bin) => bin.rating === rating).reduce((sum, { count }) => sum + count, 0);
    expect([ofRating('good'), ofRating('needs-improvement'), ofRating('poor')]).toEqual([1, 10, 0]);
  });

  it('split a wide bucket by how much of it lies in each', () => {
    const narrow = [10, 11, 12, 13];
    const bins = binsOf('ttfb', [bucket(11, 12, 10)], narrow);
    expect(bins.map(({ count }) => count)).toEqual([0, 5, 5]);
  });
});
