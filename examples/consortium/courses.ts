import { createServer, type Server } from 'node:http';
import { callGateway, readContext } from '../kb-ebsco/okapi-context.ts';

/**
 * "Module 1": the college's own course catalogue, which nobody else has. For the reading lists it asks the knowledge base, through the gateway, without
 * knowing whose that is.
 */
export const coursesDescriptor = {
  id: 'mod-courses-1.0.0',
  name: 'courses',
  requires: [],
  provides: [
    {
      id: 'courses',
      version: '1.0',
      handlers: [
        {
          methods: ['GET'],
          pathPattern: '/courses/reading-list',
          permissionsRequired: ['courses.get'],
          modulePermissions: ['kb-ebsco.packages.collection.get'],
        },
      ],
    },
  ],
  permissionSets: [{ permissionName: 'courses.get', displayName: 'courses: read' }],
} as const;

/** The module as an HTTP server; call `listen` on it. */
export const createCourses = (): Server =>
  createServer((request, response) => {
    const answer = async (): Promise<{ status: number; body: unknown }> => {
      const { status, body } = await callGateway(
        readContext(request, coursesDescriptor.id),
        '/eholdings/packages?q=',
      );
      if (status !== 200) return { status: 502, body: { error: String(body) } };
      const { data } = body as { data: readonly { attributes: { name: string } }[] };
      return { status: 200, body: { readingList: data.map(({ attributes }) => attributes.name) } };
    };
    answer()
      .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  });
