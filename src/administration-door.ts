import type { Answerer } from './front-door.ts';

/** What one door answers, for two ports. */
export interface SplitDoor {
  /** Everything but the administration, which is 404 there. */
  readonly open: Answerer;
  /** The administration alone; all else is 404 there. */
  readonly administration: Answerer;
}

/** Everything under `/_/` is administration, except what monitors ask for and requests for a tenant that stands in the path. */
export const splitDoor = (answer: Answerer): SplitDoor => ({
  open: (request, response) =>
    isOwn(request.url) && !isForAll(request.url) ? nothingHere(request, response) : answer(request, response),
  administration: (request, response) =>
    isOwn(request.url) && !isInvocation(request.url)
      ? answer(request, response)
      : nothingHere(request, response),
});

const isOwn = (url = ''): boolean => url.startsWith('/_/');

const isForAll = (url = ''): boolean =>
  isInvocation(url) || /^\/_\/(?:version|proxy\/health)(?:[?#]|$)/.test(url);

/** As the gateway reads it (`splitTarget`): anything else that begins so is its own. */
const isInvocation = (url = ''): boolean => /^\/_\/invoke\/tenant\/[^/?#]*\//.test(url);

const nothingHere: Answerer = (_request, response) => {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing is here');
};
