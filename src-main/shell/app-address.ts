/** The one address of our pages: `app://latchkey/`. */
export const appScheme = 'app';
export const appHost = 'latchkey';
export const appOrigin = `${appScheme}://${appHost}`;
export const appStart = `${appOrigin}/index.html`;
