// The door for beacons. What it promises: docs/reference/collector.md.
export { type Collector, type CollectorParts, createCollector } from './collector.ts';
export type { CollectorOptions } from './options.ts';
export type { RefusalReason } from './refusal.ts';
export { prepareServer, refuseTooManyHeaders, serverOptions } from './server.ts';
export type { Certificate, CertificateKeeper, CertificateUser } from './tls/certificate.ts';
export { openCertificates, type TlsOptions, type TlsParts } from './tls/tls.ts';
export { createTraceFinder, MAX_TRACE_LENGTH, type TraceFinder } from './trace.ts';
