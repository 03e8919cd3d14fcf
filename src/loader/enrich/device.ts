import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';
import { UAParser } from 'ua-parser-js';
import { cleanText } from '../decode/text.ts';
import { browserName, operatingSystem } from './browser-name.ts';

/** What a user agent tells about the device. */
export interface Device {
  readonly type: 'mobile' | 'tablet' | 'desktop' | 'bot' | 'unknown';
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly operatingSystem: string;
  readonly operatingSystemVersion: string | null;
  readonly browserName: string;
  readonly browserVersion: string | null;
  readonly engine: string;
  readonly isBot: boolean;
}

/** Longer user agents are cut: what the parser may cost is bounded (1 ms at worst, measured with hostile ones). */
export const MAX_USER_AGENT_LENGTH = 512;
const CACHED = 5_000;
const MAX_NAME_LENGTH = 64;

const UNKNOWN: Device = Object.freeze({
  type: 'unknown',
  manufacturer: null,
  model: null,
  operatingSystem: 'Other',
  operatingSystemVersion: null,
  browserName: 'Other',
  browserVersion: null,
  engine: '',
  isBot: false,
});

/**
 * Creates the look-up of devices by user agent (at most `MAX_USER_AGENT_LENGTH` characters of it). Names are those of
 * uap-core, which Basic RUM's dashboards filter by. Remembers the last 5,000 user agents.
 */
export const createDeviceLookup = (): ((userAgent: string) => Device) => {
  const known = new LRUCache<string, Device>({ max: CACHED });
  return (userAgent) => {
    if (userAgent === '') return UNKNOWN;
    const cached = known.get(userAgent);
    if (cached !== undefined) return cached;
    const device = parseUserAgent(userAgent.slice(0, MAX_USER_AGENT_LENGTH));
    known.set(userAgent, device);
    return device;
  };
};

const parseUserAgent = (userAgent: string): Device => {
  const { browser, os, device, engine } = new UAParser(userAgent).getResult();
  const isBot = isbot(userAgent);
  const system = operatingSystem(os.name);
  return Object.freeze({
    type: isBot ? 'bot' : deviceType(device.type, system),
    manufacturer: nameOrNull(device.vendor),
    model: nameOrNull(device.model),
    operatingSystem: system,
    operatingSystemVersion: nameOrNull(os.version),
    browserName: cleanText(browserName(browser.name, system, userAgent), MAX_NAME_LENGTH),
    browserVersion: nameOrNull(browser.version),
    engine: cleanText(engine.name ?? '', MAX_NAME_LENGTH),
    isBot,
  });
};

const DESKTOPS: ReadonlySet<string> = new Set([
  'Windows',
  'Mac OS X',
  'Linux',
  'Ubuntu',
  'Fedora',
  'Debian',
  'Chrome OS',
]);

/** The parser names phones and tablets only; what runs a desktop's system is a desktop. */
const deviceType = (type: string | undefined, system: string): Device['type'] => {
  if (type === 'mobile' || type === 'tablet') return type;
  return DESKTOPS.has(system) && type === undefined ? 'desktop' : 'unknown';
};

const nameOrNull = (name: string | undefined): string | null =>
  name === undefined || name === '' ? null : cleanText(name, MAX_NAME_LENGTH);
