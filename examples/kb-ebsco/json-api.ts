import type { Credentials, CredentialsInput } from './credentials.ts';
import type { RmPackage, RmTitle } from './rm-api.ts';

/** JSON:API's media type, which the eholdings interface speaks. */
export const MEDIA_TYPE = 'application/vnd.api+json';

const document = (data: unknown, meta?: object) => ({
  data,
  ...(meta && { meta }),
  jsonapi: { version: '1.0' },
});

/** A list with its total. */
export const list = (data: readonly unknown[], totalResults: number) => document(data, { totalResults });
/** A single resource. */
export const single = (data: unknown) => document(data);
/** Errors. */
export const errors = (title: string) => ({ errors: [{ title }], jsonapi: { version: '1.0' } });

/** The status resource. */
export const status = (isConfigurationValid: boolean) => ({
  id: 'status',
  type: 'statuses',
  attributes: { isConfigurationValid },
});

/** Credentials; the key itself is given only to the module's own call (`withKey`). */
export const credentials = ({ id, name, apiKey, url, customerId }: Credentials, withKey = false) => ({
  id,
  type: 'kbCredentials',
  attributes: { name, url, customerId, ...(withKey ? { apiKey } : { apiKey: '*'.repeat(40) }) },
});

/** A package; its id is made of vendor and package, as FOLIO has it. */
export const packageItem = (item: RmPackage) => ({
  id: `${item.vendorId}-${item.packageId}`,
  type: 'packages',
  attributes: {
    name: item.packageName,
    packageId: item.packageId,
    providerId: item.vendorId,
    providerName: item.vendorName,
    contentType: item.contentType,
    titleCount: item.titleCount,
    selectedCount: item.selectedCount,
    isSelected: item.isSelected,
  },
});

/** A title. */
export const title = (item: RmTitle) => ({
  id: String(item.titleId),
  type: 'titles',
  attributes: { name: item.titleName, publisherName: item.publisherName, publicationType: item.pubType },
});

/** Reads `{data: {attributes}}` of new or changed credentials; the text says what is wrong. */
export const readCredentials = (body: unknown): CredentialsInput | string => {
  const attributes = (body as { data?: { attributes?: Record<string, unknown> } } | null)?.data?.attributes;
  if (typeof attributes !== 'object' || attributes === null) return 'data.attributes is missing';
  const text = (key: string, fallback = ''): string => {
    const value = attributes[key];
    return typeof value === 'string' && value.length <= 500 ? value : fallback;
  };
  const input = {
    name: text('name'),
    apiKey: text('apiKey'),
    url: text('url', 'https://api.ebsco.io'),
    customerId: text('customerId'),
  };
  const missing = (['name', 'apiKey', 'customerId'] as const).filter((key) => input[key] === '');
  if (missing.length > 0) return `missing: ${missing.join(', ')}`;
  return URL.canParse(input.url) ? input : 'url is not a URL';
};
