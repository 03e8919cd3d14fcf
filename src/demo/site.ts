import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorText, type Log } from '#core';
import { bundleBoomerang } from './boomerang.ts';
import { picture } from './picture.ts';

/** What the control page asks for, once a second. It is public, so it has counts of the demo's own organizations alone. */
export interface LiveView {
  readonly tables: readonly { readonly tenant: string; readonly table: string; readonly total: number }[];
}

/** What the demo site needs from the rest. */
export interface DemoSiteDeps {
  readonly live: () => Promise<LiveView>;
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
  '/demo/control.js': 'control.js',
  '/demo/page.js': 'page.js',
  '/demo/rum.js': 'rum.js',
};
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** The demo site: a control page and two small sites that carry the real Boomerang. Everything is under `/demo/`. */
export const createDemoSite = ({ live, isThere, log }: DemoSiteDeps) => {
  let boomerang: Promise<string> | undefined;

  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    if (!isThere())
      return send(response, 404, 'text/plain', "the demo's organizations are not in the users map");
    const page = PAGES[path];
    if (page !== undefined) {
      const type = TYPES[page.slice(page.lastIndexOf('.') + 1)] ?? 'text/plain';
      return send(response, 200, type, readFileSync(new URL(`site/${page}`, import.meta.url)));
    }
    if (path === '/demo/boomerang.js') {
      boomerang ??= bundleBoomerang();
      return send(response, 200, TYPES['js'] as string, await boomerang, 'max-age=3600');
    }
    if (path === '/demo/live.json')
      return send(response, 200, 'application/json', JSON.stringify(await live()));
    if (path.startsWith('/demo/pictures/')) {
      return send(
        response,
        200,
        'image/svg+xml',
        picture(path.slice('/demo/pictures/'.length)),
        'max-age=3600',
      );
    }
    if (path === '/demo') {
      response.writeHead(302, { location: '/demo/' }).end();
      return;
    }
    send(response, 404, 'text/plain', 'there is no such page in the demo');
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    answer(path, response).catch((error: unknown) => {
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
