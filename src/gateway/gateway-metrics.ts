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
  const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'];
  const answers = classes.map(() => 0);
  const seconds = metrics.histogram(
    'rumbrella_gateway_request_duration_seconds',
    'Time from the arrival of a request to the start of its answer',
    [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
  );
  // Counted here and told when somebody looks, or when there are many: one by one it is 3 % of what a request costs.
  const times = new Float64Array(maxUntold);
  let untold = 0;
  const tellTimes = (): void => {
    for (const time of times.subarray(0, untold)) seconds.observe(time);
    untold = 0;
  };
  metrics.beforeValues(() => {
    tellTimes();
    for (const [index, name] of classes.entries()) {
      const count = answers[index] ?? 0;
      if (count > 0) requests.inc({ class: name }, count);
    }
    answers.fill(0);
  });
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
      const index = Math.floor(status / 100) - 1;
      if (index in answers) answers[index] = (answers[index] ?? 0) + 1;
      times[untold] = ms / 1_000;
      untold += 1;
      if (untold === maxUntold) tellTimes();
    },
    ignoredHeader: () => ignored.inc(),
    moduleFailed: (code) => failures.labels(code).inc(),
    unprovedCall: (reason) => unproved.labels(reason).inc(),
  };
};

/** Times of answers that are held at most. */
const maxUntold = 256;
