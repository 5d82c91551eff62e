import { askSessionBus } from './session-bus.ts';

/**
 * Whether this desktop shows tray icons. Windows and macOS always do. On Linux Electron does not say (electron#5872): it tries a
 * StatusNotifierItem, then the older GtkStatusIcon, and tells nobody when neither is seen (electron/shell/browser/ui/tray_icon_linux.cc,
 * "OnImplInitializationFailed"). So the question that Chromium puts to the bus is put again here
 * (chromium/chrome/browser/ui/views/status_icons/status_icon_linux_dbus.cc): is a host registered with org.kde.StatusNotifierWatcher?
 * KDE, Cinnamon, MATE, Xfce and Ubuntu's GNOME say yes; GNOME without an extension says no. A panel that knows only the older kind of icon says no too.
 */
export const isTrayShown = async (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Promise<boolean> =>
  platform !== 'linux' || await askSessionBus(env, {
    service: 'org.kde.StatusNotifierWatcher', path: '/StatusNotifierWatcher', interface: 'org.kde.StatusNotifierWatcher', name: 'IsStatusNotifierHostRegistered',
  }) === true;
