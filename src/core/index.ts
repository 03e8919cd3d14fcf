// Knows nothing of tenants: time, errors, log, metrics, lifecycle, durable files.
export { type Clock, createManualClock, type ManualClock, systemClock } from './clock.ts';
export { AppError, errorCode, type ErrorFacts, errorText } from './errors.ts';
export { type Chain, createChain, type Link } from './chain.ts';
export { createDeadlines, type Deadlines } from './deadlines.ts';
export { createLifecycle, type Lifecycle, type Running } from './lifecycle.ts';
export { createLog, type Log, type LogFields, type LogLevel, silentLog } from './log.ts';
export { createMetrics, type Metrics, metricsText, type MetricValues } from './metrics.ts';
export { createKept, type Kept } from './kept.ts';
export { replaceFile, syncFolder } from './atomic-file.ts';
export { connectionsFor, openFilesLimit } from './open-files.ts';
export {
  createTrustedProxies,
  type IpAddress,
  readIpAddress,
  type TrustedProxies,
} from './trusted-proxies.ts';
export { type FormReading, readForm } from './form.ts';
