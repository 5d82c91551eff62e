/** Settings of the app on this computer, as main knows them. */
export type AppSettings = {
  readonly startAtLogin: StartAtLogin;
  /** What closing the window does. */
  readonly closing: Closing;
  /** Whether this desktop shows tray icons. */
  readonly tray: boolean;
};

export type Closing = 'stay' | 'quit';

export type StartAtLogin = {
  readonly on: boolean;
  /**
   * Why it cannot be changed here: the administrator's file says it, this is not an installed app, or a file that is not ours is in
   * its place. Null where it can.
   */
  readonly locked: 'administrator' | 'unpackaged' | 'foreign-file' | null;
  /** On here, and all the same not started by the system: turned off in Task Manager, or not allowed in macOS's settings. */
  readonly blocked: 'task-manager' | 'approval' | null;
};
