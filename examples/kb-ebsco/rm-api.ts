import { request } from 'undici';

/** What is needed to ask EBSCO's RM API. */
export interface Account {
  readonly url: string;
  readonly customerId: string;
  readonly apiKey: string;
}

/** A package as the RM API describes it. */
export interface RmPackage {
  readonly packageId: number;
  readonly packageName: string;
  readonly vendorId: number;
  readonly vendorName: string;
  readonly contentType: string;
  readonly titleCount: number;
  readonly selectedCount: number;
  readonly isSelected: boolean;
}

/** A title as the RM API describes it. */
export interface RmTitle {
  readonly titleId: number;
  readonly titleName: string;
  readonly publisherName: string;
  readonly pubType: string;
}

/** The RM API refused or failed; `status` is what the module's client gets. */
export class RmApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TIMEOUT_MS = 10_000;

/** Is this account accepted? */
export const verifyAccount = async (account: Account): Promise<boolean> => {
  try {
    await ask(account, '/');
    return true;
  } catch (error) {
    if (error instanceof RmApiError) return false;
    throw error;
  }
};

/** Packages whose name contains `search`. */
export const searchPackages = async (account: Account, search: string, page: number, count: number) => {
  const query = new URLSearchParams({
    search,
    offset: String(page),
    count: String(count),
    orderby: 'relevance',
  });
  return (await ask(account, `/packages?${query.toString()}`)) as {
    totalResults: number;
    packagesList: RmPackage[];
  };
};

/** One package of a vendor. */
export const findPackage = async (account: Account, vendorId: number, packageId: number) =>
  (await ask(account, `/vendors/${vendorId}/packages/${packageId}`)) as RmPackage;

/** Titles whose name contains `search`. */
export const searchTitles = async (account: Account, search: string, page: number, count: number) => {
  const query = new URLSearchParams({
    search,
    searchfield: 'titlename',
    offset: String(page),
    count: String(count),
  });
  return (await ask(account, `/titles?${query.toString()}`)) as { totalResults: number; titles: RmTitle[] };
};

/** One title. */
export const findTitle = async (account: Account, titleId: number) =>
  (await ask(account, `/titles/${titleId}`)) as RmTitle;

const ask = async ({ url, customerId, apiKey }: Account, path: string): Promise<unknown> => {
  const target = `${url.replace(/\/$/, '')}/rm/rmaccounts/${encodeURIComponent(customerId)}${path}`;
  const answer = await request(target, {
    headers: { 'x-api-key': apiKey, accept: 'application/json', 'content-type': 'application/json' },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 400) {
    // A wrong key is this tenant's configuration, not the client's login: 403, never 401.
    const status = answer.statusCode === 401 ? 403 : answer.statusCode;
    throw new RmApiError(status, `the knowledge base answered ${answer.statusCode}`);
  }
  return JSON.parse(text);
};
