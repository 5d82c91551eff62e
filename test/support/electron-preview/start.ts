import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , mainFile, ...rest] = process.argv;
if (mainFile === undefined) {
  console.error('usage: node start.ts <built main file> [arguments]');
  process.exit(2);
}

// What `electron <app> [arguments]` would see. Set before anything of the stand-in reads it.
process.argv = [process.execPath, resolve(mainFile), ...rest];
Object.defineProperty(process.versions, 'electron', { value: '45.0.0-preview', enumerable: true });
Object.defineProperty(process.versions, 'chrome', { value: '0.0.0.0-preview', enumerable: true });
Object.defineProperty(process, 'type', { value: 'browser', enumerable: true });

const implementation = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!['electron', 'electron/main', 'electron/common'].includes(specifier)) return nextResolve(specifier, context);
    if (context.parentURL !== undefined) addPlayer(context.parentURL);
    return { url: implementation, format: 'module-typescript', shortCircuit: true };
  },
});

const { addPlayer, playPlatform } = await import('./platform.ts');
playPlatform();
const { lifecycle } = await import('./lifecycle.ts');
const { takeFaults } = await import('./faults.ts');
const { announcements } = await import('./window.ts');
const { serveSessionBus } = await import('./session-bus.ts');
const { serveControl } = await import('./control.ts');
const { installSignalHandlers } = await import('./signals.ts');

announcements.on('opened', (window, url) => { process.stdout.write(`${JSON.stringify({ preview: { id: window.id, url } })}\n`); });
await serveSessionBus();
serveControl();
// An app lives until it quits, whether or not it has a window.
setInterval(() => undefined, 2 ** 30);

takeFaults();
// A main script that fails is a fault like any other, and the app becomes ready all the same.
await import(pathToFileURL(resolve(mainFile)).href).catch((error: unknown) => process.emit('uncaughtException', error as Error));
installSignalHandlers();
lifecycle.markReady();
