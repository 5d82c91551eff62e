import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    readonly site: Site;
  }
}

/** Where browsers reach the portal. */
export type Site = {
  /** The origins of our own pages, the one to tell people first. */
  readonly origins: readonly [string, ...string[]];
  /** Whether they come over https, also where a proxy in front of us speaks it. */
  readonly isSecure: boolean;
};

/**
 * SECURITY: with a public address over https its origin is the only one: cookies are for https, and no other name of this
 * computer leads to a portal that people can sign in to. Otherwise our origin is the address that was asked.
 */
const siteOf = ({ protocol, headers }: Pick<FastifyRequest, 'protocol' | 'headers'>, configured: URL | null): Site => {
  if (configured?.protocol === 'https:') return { origins: [configured.origin], isSecure: true };
  const asked = `${protocol}://${headers.host ?? ''}`;
  return { origins: configured === null ? [asked] : [configured.origin, asked], isSecure: protocol === 'https' };
};

/** `publicUrl`: as configured, null where it is not. */
export const registerSite = (app: FastifyInstance, publicUrl: string | null): void => {
  const configured = publicUrl === null ? null : new URL(publicUrl);
  app.decorateRequest('site', {
    getter(this: FastifyRequest) {
      return siteOf(this, configured);
    },
  });
};
