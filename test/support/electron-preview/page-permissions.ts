type Ask = (how: 'request' | 'check', permission: string, mediaTypes?: readonly string[]) => Promise<boolean>;

/**
 * The browser asks its own user; here its APIs ask main first, as Electron's do, and go on only with a grant. Then the browser
 * may still refuse. The page gets this function's own text, so it may use nothing from outside itself.
 */
export function askForPermissions(ask: Ask): void {
  // electron/shell/common/gin_converters/content_converter.cc, by the names of the web.
  const names: Readonly<Record<string, string>> = {
    'camera': 'media', 'clipboard-write': 'clipboard-sanitized-write', 'microphone': 'media', 'accelerometer': 'sensors', 'gyroscope': 'sensors', 'magnetometer': 'sensors', 'ambient-light-sensor': 'sensors',
  };
  const refusal = (message: string) => new DOMException(message, 'NotAllowedError');
  /** Puts `make(native)` in the place of a method, where the browser has it. */
  const wrap = <T extends object>(owner: T | undefined, name: keyof T & string, make: (native: (...args: unknown[]) => unknown) => (this: unknown, ...args: unknown[]) => unknown): void => {
    const native: unknown = owner === undefined ? undefined : Reflect.get(owner, name);
    if (owner !== undefined && typeof native === 'function') Object.defineProperty(owner, name, { value: make(native as (...args: unknown[]) => unknown), configurable: true, writable: true });
  };
  const guard = (how: 'request' | 'check', permission: string, message: string) => (native: (...args: unknown[]) => unknown) => async function guarded(this: unknown, ...args: unknown[]) {
    if (!await ask(how, permission)) throw refusal(message);
    return Reflect.apply(native, this, args);
  };

  wrap(globalThis.Permissions?.prototype, 'query', (native) => async function query(this: unknown, ...args: unknown[]) {
    const status = await Reflect.apply(native, this, args) as PermissionStatus;
    const { name, sysex } = args[0] as { readonly name: string; readonly sysex?: boolean };
    const permission = name === 'midi' && sysex === true ? 'midiSysex' : names[name] ?? name;
    const state = await ask('check', permission, name === 'camera' ? ['video'] : name === 'microphone' ? ['audio'] : undefined) ? 'granted' : 'denied';
    return Object.defineProperty(status, 'state', { get: () => state });
  });
  const clipboard = globalThis.Clipboard?.prototype;
  for (const name of ['read', 'readText'] as const) wrap(clipboard, name, guard('request', 'clipboard-read', `Failed to execute '${name}' on 'Clipboard': Read permission denied.`));
  // Writing looks whether it may and never asks: reported of Electron, not read in Chromium's sources.
  for (const name of ['write', 'writeText'] as const) wrap(clipboard, name, guard('check', 'clipboard-sanitized-write', `Failed to execute '${name}' on 'Clipboard': Write permission denied.`));
  wrap(globalThis.MediaDevices?.prototype, 'getUserMedia', (native) => async function getUserMedia(this: unknown, ...args: unknown[]) {
    const { audio, video } = (args[0] ?? {}) as MediaStreamConstraints;
    const kinds = [...(audio ? ['audio'] : []), ...(video ? ['video'] : [])];
    if (kinds.length > 0 && !await ask('request', 'media', kinds)) throw refusal('Permission denied');
    return Reflect.apply(native, this, args);
  });
  for (const name of ['getCurrentPosition', 'watchPosition'] as const) {
    wrap(globalThis.Geolocation?.prototype, name, (native) => function position(this: unknown, ...args: unknown[]) {
      const onError = args[1] as PositionErrorCallback | null | undefined;
      void ask('request', 'geolocation').then((granted) => granted
        ? Reflect.apply(native, this, args)
        : onError?.({ code: 1, message: 'User denied Geolocation', PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3 }));
      return name === 'watchPosition' ? 1 : undefined;
    });
  }
  let notifications: NotificationPermission = 'default';
  if (globalThis.Notification !== undefined) {
    Object.defineProperty(globalThis.Notification, 'permission', { get: () => notifications, configurable: true });
    void ask('check', 'notifications').then((granted) => { notifications = granted ? 'granted' : 'denied'; });
    wrap(globalThis.Notification, 'requestPermission', () => async function requestPermission(...args: unknown[]) {
      notifications = await ask('request', 'notifications') ? 'granted' : 'denied';
      (args[0] as NotificationPermissionCallback | undefined)?.(notifications);
      return notifications;
    });
  }
}
