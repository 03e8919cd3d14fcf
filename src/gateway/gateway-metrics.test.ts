import { expect, test } from 'vitest';
import { createMetrics, metricsText } from '#core';
import { createGatewayMetrics } from './gateway-metrics.ts';

const textAfter = async (answers: readonly (readonly [status: number, ms: number])[]): Promise<string> => {
  const metrics = createMetrics();
  const { answered } = createGatewayMetrics(metrics);
  for (const [status, ms] of answers) answered(status, ms);
  await metrics.values();
  return metricsText([await metrics.values()]);
};

test('answers are counted once each, by class of status', async () => {
  const text = await textAfter([
    [200, 1],
    [204, 1],
    [404, 1],
    [999, 1],
  ]);
  expect(text).toContain('rumbrella_gateway_requests_total{class="2xx"} 2\n');
  expect(text).toContain('rumbrella_gateway_requests_total{class="4xx"} 1\n');
  expect(text).not.toContain('class="5xx"');
});

test('every time is told, of few answers and of many, and none twice', async () => {
  for (const many of [1, 256, 257, 1_000]) {
    const text = await textAfter(Array.from({ length: many }, (_, index) => [200, index % 2 === 0 ? 2 : 40]));
    const fast = Math.ceil(many / 2);
    expect(text).toContain(`rumbrella_gateway_request_duration_seconds_bucket{le="0.005"} ${fast}\n`);
    expect(text).toContain(`rumbrella_gateway_request_duration_seconds_count ${many}\n`);
  }
});
