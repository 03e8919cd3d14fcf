import { createServer, type Server } from 'node:http';
import { AppError, errorText } from '#core';

/** Answers the questions of the certificate authority on plain HTTP (RFC 8555, 8.3), and sends everybody else to HTTPS. */
export interface ChallengeServer {
  readonly port: number;
  put(token: string, keyAuthorization: string): void;
  remove(token: string): void;
  stop(): Promise<void>;
}

const CHALLENGE_PATH = '/.well-known/acme-challenge/';

/** Starts it. Throws `TLS_CHALLENGE_PORT` when the port cannot be had. `httpsPort`: where others are sent. */
export const startChallengeServer = async (
  port: number,
  domain: string,
  httpsPort: number,
): Promise<ChallengeServer> => {
  const answers = new Map<string, string>();
  const origin = `https://${domain}${httpsPort === 443 ? '' : `:${httpsPort}`}`;
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    const answer = url.startsWith(CHALLENGE_PATH) ? answers.get(url.slice(CHALLENGE_PATH.length)) : undefined;
    if (answer !== undefined)
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(answer);
    else if (url.startsWith('/') && !url.startsWith(CHALLENGE_PATH))
      response.writeHead(308, { location: origin + url, 'content-length': 0 }).end();
    else response.writeHead(404).end();
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.maxConnections = 1_000;
  const listening = await listen(server, port);
  return {
    port: listening,
    put: (token, keyAuthorization) => void answers.set(token, keyAuthorization),
    remove: (token) => void answers.delete(token),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new AppError('TLS_CHALLENGE_PORT', `opening port ${port} for challenges: ${errorText(error)}`, {
          hint: 'the certificate authority asks on port 80: free it, or forward it to tls.http_port',
          cause: error,
        }),
      ),
    );
    server.listen(port, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
