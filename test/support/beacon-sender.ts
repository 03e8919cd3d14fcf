import { Agent, request } from 'node:http';
import { demoShop } from '#demo';

/** What became of one beacon: the status of its answer, or the error's code when there was none. */
export type Outcome = number | string;

/** Sends a beacon of the demo's shop that carries `id` as its page id. Never rejects. */
export const sendBeacon = (url: string, id: string, agent?: Agent): Promise<Outcome> =>
  new Promise((resolve) => {
    const body = `brum_trace=${demoShop.trace}&u=https%3A%2F%2Fshop.example%2F&pid=${id}&nt_nav_st=1&id=${id}`;
    const sending = request(
      `${url}/beacon/catcher`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        ...(agent && { agent }),
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'broken'));
      },
    );
    sending.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'broken'));
    sending.end(body);
  });
