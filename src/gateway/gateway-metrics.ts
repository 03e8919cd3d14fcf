import type { Metrics } from '#core';

/** The gateway's metrics. */
export interface GatewayMetrics {
  /** An answer went out; `ms` from the request's arrival. */
  answered(status: number, ms: number): void;
  /** A module answered with a header that it had no right to. */
  ignoredHeader(): void;
  /** A remote module gave no answer. */
  moduleFailed(code: string): void;
  /** A call with a module's token did not prove to come from an instance of it. */
  unprovedCall(reason: string): void;
}

/** Registers the gateway's metrics. Labels come from our own lists. */
export const createGatewayMetrics = (metrics: Metrics): GatewayMetrics => {
  const requests = metrics.counter('rumbrella_gateway_requests_total', 'Answers by class of status', [
    'class',
  ]);
  const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'].map((name) => requests.labels(name));
  const seconds = metrics.histogram(
    'rumbrella_gateway_request_duration_seconds',
    'Time from the arrival of a request to the start of its answer',
    [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
  );
  const ignored = metrics.counter(
    'rumbrella_gateway_ignored_headers_total',
    'Internal headers in answers of modules that were not honoured',
  );
  const failures = metrics.counter(
    'rumbrella_gateway_module_failures_total',
    'Calls of remote modules without a valid answer',
    ['code'],
  );
  const unproved = metrics.counter(
    'rumbrella_gateway_unproved_calls_total',
    'Calls with the token of a module whose instances have a secret, refused for lack of a good signature',
    ['reason'],
  );
  return {
    answered: (status, ms) => {
      classes[Math.floor(status / 100) - 1]?.inc();
      seconds.observe(ms / 1_000);
    },
    ignoredHeader: () => ignored.inc(),
    moduleFailed: (code) => failures.labels(code).inc(),
    unprovedCall: (reason) => unproved.labels(reason).inc(),
  };
};
