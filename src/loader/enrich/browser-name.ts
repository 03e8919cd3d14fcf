/** Names of ua-parser-js → those of uap-core, where they differ everywhere. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['Chrome Headless', 'HeadlessChrome'],
  ['Chrome WebView', 'Chrome Mobile WebView'],
  ['GSA', 'Google'],
  ['WebKit', 'Mobile Safari UI/WKWebView'],
  ['Opera Mobi', 'Opera Mobile'],
  ['Yandex', 'Yandex Browser'],
]);

/** Names that uap-core tells apart on phones and tablets: on iOS, elsewhere. */
const MOBILE: ReadonlyMap<string, readonly [ios: string, other: string]> = new Map([
  ['Chrome', ['Chrome Mobile iOS', 'Chrome Mobile']],
  ['Firefox', ['Firefox iOS', 'Firefox Mobile']],
  ['Edge', ['Edge Mobile', 'Edge Mobile']],
  ['Opera', ['Opera Mobile', 'Opera Mobile']],
  ['Safari', ['Mobile Safari', 'Mobile Safari']],
]);

/**
 * Name of a browser as uap-core gives it, from the name that ua-parser-js gives, the operating system and the user agent: 'Chrome' on
 * Android with 'Mobile' in the user agent is 'Chrome Mobile'. 'Other' when it is not known.
 */
export const browserName = (name: string | undefined, system: string, userAgent: string): string => {
  if (name === undefined || name === '') return 'Other';
  const mobile = MOBILE.get(name);
  if (mobile !== undefined && system === 'iOS') return mobile[0];
  // Tablets with Android leave 'Mobile' out; uap-core calls their browsers like those of desktops.
  if (mobile !== undefined && userAgent.includes('Mobile')) return mobile[1];
  return RENAMED.get(name) ?? name;
};

const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['Mac OS', 'Mac OS X'],
  ['Chromium OS', 'Chrome OS'],
  ['Chrome OS', 'Chrome OS'],
]);

/** Name of an operating system as uap-core gives it; 'Other' when it is not known. */
export const operatingSystem = (name: string | undefined): string =>
  name === undefined || name === '' ? 'Other' : (SYSTEMS.get(name) ?? name);
