// The static configuration: schema, defaults, sources.
export { type ConfigSources, listSettings, loadConfig, type Setting } from './load.ts';
export type { Config } from './schema.ts';
export { basicRumWithoutEffect, type WithoutEffect } from './basic-rum.ts';
