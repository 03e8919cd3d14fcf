import { createServer, type Server } from 'node:http';

/** One account that the double accepts. */
export interface DoubleAccount {
  readonly customerId: string;
  readonly apiKey: string;
  /** Names of its packages, so that a test sees whose account was used. */
  readonly packages: readonly string[];
}

/**
 * A double of EBSCO's RM API for tests and the consortium example, since the real one needs a contract: the paths, header and
 * answer shapes that kb-ebsco uses, over real HTTP.
 */
export const createRmApiDouble = (accounts: readonly DoubleAccount[]): Server =>
  createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://double');
    const [, , , customerId = '', ...rest] = pathname.split('/').map(decodeURIComponent);
    const account = accounts.find((candidate) => candidate.customerId === customerId);
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (account === undefined || account.apiKey !== request.headers['x-api-key'])
      return send(401, { errors: [{ code: 1000, message: 'Unauthorized' }] });
    const packages = account.packages.map((packageName, index) => ({
      packageId: index + 1,
      packageName,
      vendorId: 19,
      vendorName: 'EBSCO',
      contentType: 'AggregatedFullText',
      titleCount: 100 * (index + 1),
      selectedCount: 10,
      isSelected: true,
    }));
    const titles = account.packages.map((name, index) => ({
      titleId: index + 100,
      titleName: `Journal of ${name}`,
      publisherName: 'A Press',
      pubType: 'Journal',
    }));
    const search = (searchParams.get('search') ?? '').toLowerCase();
    const has = (name: string): boolean => name.toLowerCase().includes(search);
    const [kind, id, , packageId] = rest;
    if (kind === '' || kind === undefined) return send(200, { customerId });
    if (kind === 'packages') {
      const found = packages.filter((item) => has(item.packageName));
      return send(200, { totalResults: found.length, packagesList: found });
    }
    if (kind === 'vendors') {
      const found = packages.find((item) => String(item.packageId) === packageId);
      return found === undefined
        ? send(404, { errors: [{ message: 'Package not found' }] })
        : send(200, found);
    }
    if (kind === 'titles' && id === undefined) {
      const found = titles.filter((item) => has(item.titleName));
      return send(200, { totalResults: found.length, titles: found });
    }
    const found = titles.find((item) => String(item.titleId) === id);
    return found === undefined ? send(404, { errors: [{ message: 'Title not found' }] }) : send(200, found);
  });
