import { describe, expect, test } from 'vitest';
import { createDeviceLookup } from './device.ts';

const deviceOf = createDeviceLookup();
const APPLE = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0';
const IPHONE = `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) ${APPLE}`;

describe('device of a user agent', () => {
  test.each([
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`,
      'Chrome Mobile',
      'Android',
      'mobile',
    ],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36`, 'Chrome', 'Windows', 'desktop'],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${CHROME} Safari/537.36`,
      'Chrome',
      'Mac OS X',
      'desktop',
    ],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME} Safari/537.36`, 'Chrome', 'Chrome OS', 'desktop'],
    [`${IPHONE} Version/17.4 Mobile/15E148 Safari/604.1`, 'Mobile Safari', 'iOS', 'mobile'],
    [`${IPHONE} CriOS/125.0.1.1 Mobile/15E148 Safari/604.1`, 'Chrome Mobile iOS', 'iOS', 'mobile'],
    [`${IPHONE} FxiOS/127.0 Mobile/15E148 Safari/605.1.15`, 'Firefox iOS', 'iOS', 'mobile'],
    [
      'Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0',
      'Firefox Mobile',
      'Android',
      'mobile',
    ],
    [
      'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
      'Firefox',
      'Ubuntu',
      'desktop',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/126.0.1.1`,
      'Edge',
      'Windows',
      'desktop',
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36 EdgA/126.0`,
      'Edge Mobile',
      'Android',
      'mobile',
    ],
    [
      'Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36',
      'Samsung Internet',
      'Android',
      'mobile',
    ],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Other', 'Other', 'bot'],
    ['', 'Other', 'Other', 'unknown'],
  ])('%s', (userAgent, browserName, operatingSystem, type) => {
    expect(deviceOf(userAgent)).toMatchObject({ browserName, operatingSystem, type, isBot: type === 'bot' });
  });

  test('names versions, brand and model', () => {
    const device = deviceOf(`${IPHONE} Version/17.4 Mobile/15E148 Safari/604.1`);
    expect(device).toMatchObject({ manufacturer: 'Apple', model: 'iPhone', browserVersion: '17.4' });
  });
});
