import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorText, type Log } from '#core';
import { bundleBoomerang } from './boomerang.ts';
import type { LiveView } from './live.ts';
import { picture } from './picture.ts';
import { isVisitId, type VisitId } from './visit.ts';

/** What the demo site needs from the rest. */
export interface DemoSiteDeps {
  /** What the control page shows: counts, and with a visit its own beacons. */
  readonly live: (visit: VisitId | null) => Promise<LiveView>;
  /** Are the demo's organizations in the users map? Otherwise nothing is answered: who does not have the demo does not have its pages. */
  readonly isThere: () => boolean;
  readonly log: Log;
}

const PAGES: Readonly<Record<string, string>> = {
  '/demo/': 'index.html',
  '/demo/shop/': 'shop.html',
  '/demo/shop/product': 'product.html',
  '/demo/shop/rooms': 'rooms.html',
  '/demo/shop/rooms/kitchen': 'rooms.html',
  '/demo/shop/rooms/hall': 'rooms.html',
  '/demo/news/': 'news.html',
  '/demo/news/article': 'article.html',
  '/demo/site.css': 'site.css',
  '/demo/control.css': 'control.css',
  '/demo/control.js': 'control.js',
  '/demo/visit.js': 'visit.js',
  '/demo/page.js': 'page.js',
  '/demo/rum.js': 'rum.js',
};
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Looks for control pages that run at once: each is a few queries, and whoever reaches the server may ask. */
const MOST_LOOKS = 4;

/** The demo site: a control page and two small sites that carry the real Boomerang. Everything is under `/demo/`. */
export const createDemoSite = ({ live, isThere, log }: DemoSiteDeps) => {
  let boomerang: Promise<string> | undefined;
  let looks = 0;

  const answerLive = async (query: string, response: ServerResponse): Promise<void> => {
    const [visit = null, ...more] = new URLSearchParams(query).getAll('visit');
    if (more.length > 0 || (visit !== null && !isVisitId(visit)))
      return send(response, 400, 'text/plain', 'visit: expected 32 hexadecimal digits, once');
    if (looks >= MOST_LOOKS)
      return send(response, 503, 'text/plain', 'others are looking, try again in a moment');
    looks += 1;
    try {
      send(response, 200, 'application/json', JSON.stringify(await live(visit)), 'no-store');
    } finally {
      looks -= 1;
    }
  };

  const answer = async (path: string, query: string, response: ServerResponse): Promise<void> => {
    if (!isThere())
      return send(response, 404, 'text/plain', "the demo's organizations are not in the users map");
    const started = performance.now();
    // What a server says of its own work is part of a page view too.
    const tell = (work: string, of: string): void => {
      response.setHeader(
        'server-timing',
        `${work};dur=${(performance.now() - started).toFixed(1)};desc="${of}", demo`,
      );
    };
    const page = PAGES[path];
    if (page !== undefined) {
      const type = TYPES[page.slice(page.lastIndexOf('.') + 1)] ?? 'text/plain';
      const content = readFileSync(new URL(`site/${page}`, import.meta.url));
      tell('read', page);
      return send(response, 200, type, content);
    }
    if (path === '/demo/boomerang.js') {
      boomerang ??= bundleBoomerang();
      return send(response, 200, TYPES['js'] as string, await boomerang, 'max-age=3600');
    }
    if (path === '/demo/live.json') return answerLive(query, response);
    if (path.startsWith('/demo/pictures/')) {
      const drawn = picture(path.slice('/demo/pictures/'.length));
      tell('draw', 'picture');
      return send(response, 200, 'image/svg+xml', drawn, 'max-age=3600');
    }
    if (path === '/demo') {
      response.writeHead(302, { location: '/demo/' }).end();
      return;
    }
    send(response, 404, 'text/plain', 'there is no such page in the demo');
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    const [path = '/', ...query] = (request.url ?? '/').split('?');
    answer(path, query.join('?'), response).catch((error: unknown) => {
      log.warn('demo_request_failed', { path, err: errorText(error) });
      if (!response.headersSent) send(response, 503, 'text/plain', 'not ready yet, try again in a moment');
    });
  };
};

const send = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  caching = 'no-cache',
): void => {
  response.writeHead(status, { 'content-type': type, 'cache-control': caching }).end(body);
};
