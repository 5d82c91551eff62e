import type { FastifyInstance } from 'fastify';
import { parseStrictObject } from '../../src-shared/documents/index.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const parse = (body: Buffer): unknown => {
  try {
    return parseStrictObject(utf8.decode(body));
  } catch {
    return null;
  }
};

/**
 * SECURITY: a body is read as documents are: one object, valid UTF-8, no member twice. Otherwise what a proxy or a log in between
 * has seen could be another request than the one that is acted on.
 */
export const registerJson = (app: FastifyInstance): void => {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    const value = typeof body === 'string' ? null : parse(body);
    if (value !== null) return done(null, value);
    done(Object.assign(new Error('not one JSON object'), { statusCode: 400 }));
  });
};
