import { app } from 'electron';

/**
 * SECURITY: what Chromium and Node would obey in a packaged app, started by anybody's script or shortcut. Certificates are always
 * checked, names lead where the network says, and nobody reads along. Proxies may be named: what passes them is encrypted.
 * electron/docs/api/command-line-switches.md; services/network/public/cpp/network_switches.cc and content/public/common/content_switches.cc of Chromium.
 */
const switches = [
  'ignore-certificate-errors', 'ignore-certificate-errors-spki-list', 'allow-insecure-localhost', 'unsafely-treat-insecure-origin-as-secure', 'disable-web-security',
  'host-rules', 'host-resolver-rules', 'ssl-key-log-file', 'log-net-log', 'net-log-capture-mode', 'remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address',
] as const;

/** Node's own TLS is not used for the authority, and must not be the one place where this works. */
const variables = ['NODE_TLS_REJECT_UNAUTHORIZED', 'SSLKEYLOGFILE'] as const;

/** Before the app is ready, so that Chromium has read nothing yet. Gives the names of what it took away. */
export const refuseSwitches = (env: NodeJS.ProcessEnv = process.env): readonly string[] => {
  const present = [...switches.filter((each) => app.commandLine.hasSwitch(each)).map((each) => `--${each}`), ...variables.filter((each) => env[each] !== undefined)];
  for (const each of switches) app.commandLine.removeSwitch(each);
  for (const each of variables) delete env[each];
  return present;
};
