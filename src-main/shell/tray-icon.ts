export type Ground = 'light' | 'dark';

/** The file of the icon for what it lies on. */
export const trayIcon = (platform: NodeJS.Platform, taskbar: Ground, env: NodeJS.ProcessEnv): string => {
  // The menu bar paints it, by the wallpaper behind (electron/docs/api/native-image.md, "Template Image").
  if (platform === 'darwin') return 'trayTemplate.png';
  // Sharp at every scale of the taskbar (electron/docs/api/tray.md, "Windows").
  if (platform === 'win32') return `tray-on-${taskbar}.ico`;
  return `tray-on-${hasDarkPanel(env) ? 'dark' : 'any'}.png`;
};

/** GNOME's panel is dark in its light style too; of the panels of other desktops nobody tells the colour. */
const hasDarkPanel = (env: NodeJS.ProcessEnv): boolean => {
  const desktops = (env['XDG_CURRENT_DESKTOP'] ?? '').split(':');
  return desktops.some((name) => name === 'GNOME' || name === 'Unity') && !desktops.includes('GNOME-Classic');
};

/** On macOS a click opens the menu, and is told to the app as well (electron/shell/browser/ui/tray_icon_cocoa.mm, `mouseDown`). */
export const clickOpensApp = (platform: NodeJS.Platform): boolean => platform !== 'darwin';
