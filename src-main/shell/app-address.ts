/** The one address of our pages: `app://latchkey/`. */
export const appScheme = 'app';
export const appHost = 'latchkey';
export const appOrigin = `${appScheme}://${appHost}`;
export const appStart = `${appOrigin}/index.html`;

/** The app's name for Windows (AppUserModelId) and for electron-builder (`appId`). */
export const appId = 'app.latchkey.desktop';
